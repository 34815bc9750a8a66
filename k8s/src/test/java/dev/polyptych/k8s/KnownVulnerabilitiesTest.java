package dev.polyptych.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.k8s.KnownVulnerabilities.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownVulnerabilitiesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path DISTRIBUTION = Path.of("../cli/target/polyptych");

  @Test
  void theBillOfMaterialsNamesEveryJarOfTheDistribution() throws IOException {
    JsonNode bom = billOfMaterials();
    Set<String> named = new TreeSet<>();
    bom.path("components").forEach(component -> named.add(artifact(component)));

    Set<String> jars;
    try (var files = Files.walk(DISTRIBUTION.resolve("lib"))) {
      jars =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".jar"))
              // PyTorch's natives are of one platform.
              .map(name -> name.replaceFirst("(-linux-x86_64)?\\.jar$", ""))
              .collect(Collectors.toCollection(TreeSet::new));
    }

    assertEquals(jars, named, "of one build? mvn package -pl cli -am -DskipTests");
  }

  @Test
  void theDistributionHasNoKnownVulnerabilityThatNobodyHasAccepted() throws IOException {
    JsonNode bom = billOfMaterials();

    List<Finding> open =
        KnownVulnerabilities.of(bom, known()).stream()
            .filter(finding -> finding.accepted().isEmpty())
            .toList();

    assertEquals(List.of(), open);
  }

  @ParameterizedTest
  @CsvSource({
    "io.netty, netty-codec-http, 4.2.7.Final, 6",
    "io.netty, netty-codec-http, 4.2.14.Final, 1",
    "io.netty, netty-codec-http, 4.2.15.Final, 0",
    "io.netty, netty-codec-http, 4.2.20.Final, 0",
    "io.netty, netty-codec, 4.2.7.Final, 0",
    "ch.qos.logback, logback-core, 1.5.18, 2",
    "org.apache.kafka, kafka-clients, 4.1.1, 1",
    "org.apache.kafka, kafka-clients, 4.1.2, 0",
    "io.vertx, vertx-core, 5.0.0.CR1, 1",
    "io.vertx, vertx-core, 5.0.7, 1",
  })
  void aVersionIsFoundFromWhereItWasIntroducedToWhereItWasFixed(
      String group, String name, String version, int expected) throws IOException {
    JsonNode bom =
        JSON.readTree(
            """
            {"components": [{"group": "%s", "name": "%s", "version": "%s"}]}"""
                .formatted(group, name, version));

    assertEquals(expected, KnownVulnerabilities.of(bom, known()).size());
  }

  /** Needs the distribution: mvn verify builds it before this module. */
  private static JsonNode billOfMaterials() throws IOException {
    Path file = DISTRIBUTION.resolve("bom.json");
    assumeTrue(Files.exists(file), "not built: mvn package -pl cli -am -DskipTests");
    return JSON.readTree(file.toFile());
  }

  private static String artifact(JsonNode component) {
    return component.path("name").asText() + "-" + component.path("version").asText();
  }

  private static JsonNode known() throws IOException {
    return JSON.readTree(Path.of("vulnerabilities.json").toFile());
  }
}
