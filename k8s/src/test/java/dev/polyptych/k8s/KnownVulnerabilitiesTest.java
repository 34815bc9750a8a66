package dev.polyptych.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.k8s.KnownVulnerabilities.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownVulnerabilitiesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path BILL_OF_MATERIALS = Path.of("../cli/target/polyptych/bom.json");

  /** Needs the distribution: mvn verify builds it before this module. */
  @Test
  void theDistributionHasNoKnownVulnerabilityThatNobodyHasAccepted() throws IOException {
    assumeTrue(Files.exists(BILL_OF_MATERIALS), "not built: mvn package -pl cli -am -DskipTests");
    JsonNode bom = JSON.readTree(BILL_OF_MATERIALS.toFile());

    List<Finding> open =
        KnownVulnerabilities.of(bom, known()).stream()
            .filter(finding -> finding.accepted().isEmpty())
            .toList();

    assertTrue(bom.path("components").size() > 100, "the bill of materials is not whole");
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

  private static JsonNode known() throws IOException {
    return JSON.readTree(Path.of("vulnerabilities.json").toFile());
  }
}
