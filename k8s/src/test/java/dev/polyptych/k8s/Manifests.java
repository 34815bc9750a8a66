package dev.polyptych.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Everything that one overlay installs. */
record Manifests(List<JsonNode> objects) {
  private static final YAMLMapper YAML = new YAMLMapper();

  static Manifests of(String overlay) {
    Path folder = Tools.MODULE.resolve(overlay.equals("base") ? "base" : "overlays/" + overlay);
    return parse(Tools.kustomize(folder));
  }

  /** Of an overlay with a component added. */
  static Manifests with(String overlay, String component) throws IOException {
    Path folder =
        Files.createDirectories(Tools.MODULE.resolve("target/" + overlay + "-" + component));
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        namespace: polyptych
        resources: [../../overlays/%s]
        components: [../../components/%s]
        """
            .formatted(overlay, component));
    return parse(Tools.kustomize(folder));
  }

  static Manifests parse(String yaml) {
    try {
      return new Manifests(YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml).readAll());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  List<JsonNode> of(String kind, String name) {
    return objects.stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .filter(object -> object.at("/metadata/name").asText().equals(name))
        .toList();
  }

  List<JsonNode> ofKind(String kind) {
    return objects.stream().filter(object -> object.path("kind").asText().equals(kind)).toList();
  }

  /** The one object of this kind and name. */
  JsonNode the(String kind, String name) {
    List<JsonNode> found = of(kind, name);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " of " + kind + " " + name);
    }
    return found.getFirst();
  }
}
