package dev.polyptych.lab.autoscale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The configuration in {@code k8s/base}. The build puts the same files on the class path, so
 * simulation and deployment cannot differ.
 *
 * @param scrapeSeconds between two scrapes of a process by Prometheus
 * @param graceSeconds from a pod's SIGTERM to its SIGKILL
 * @param deletionCost whether workers may set their pods' deletion cost
 */
record Deployed(
    ScaledObject scaled, Wanted wanted, int scrapeSeconds, int graceSeconds, boolean deletionCost) {
  private static final YAMLMapper YAML = new YAMLMapper();

  static Deployed read() {
    return with(ScaledObjectReader.read(the("ScaledObject", resource("scaling.yaml"))));
  }

  /** With another KEDA resource instead of ours. */
  static Deployed read(Path scaling) throws IOException {
    try (InputStream in = Files.newInputStream(scaling)) {
      return with(ScaledObjectReader.read(the("ScaledObject", documents(in))));
    }
  }

  private static Deployed with(ScaledObject scaled) {
    JsonNode monitor = the("ServiceMonitor", resource("monitoring.yaml"));
    JsonNode worker = the("Deployment", resource("gpu-worker.yaml"));
    return new Deployed(
        scaled,
        Wanted.read(the("PrometheusRule", resource("rules.yaml"))),
        Integer.parseInt(monitor.at("/spec/endpoints/0/interval").asText().replace("s", "")),
        worker.at("/spec/template/spec/terminationGracePeriodSeconds").asInt(30),
        worker.at("/spec/template/spec/automountServiceAccountToken").asBoolean(false));
  }

  private static JsonNode the(String kind, List<JsonNode> documents) {
    return documents.stream()
        .filter(document -> document.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + kind + " among the manifests"));
  }

  private static List<JsonNode> resource(String name) {
    try (InputStream in = Deployed.class.getResourceAsStream("/k8s/base/" + name)) {
      return documents(in);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static List<JsonNode> documents(InputStream in) throws IOException {
    try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(in)) {
      return StreamSupport.stream(((Iterable<JsonNode>) () -> values).spliterator(), false)
          .toList();
    }
  }
}
