package dev.polyptych.dispatcher.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.schema.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The contract in a form that Vert.x can load. Vert.x refuses response media types that it can't
 * validate, and paths with actions. This class renames them to the nearest names that Vert.x knows;
 * no other class does so. Vert.x also can't read header values that contain quotes, so the one such
 * header is removed.
 */
final class RoutableContract {
  private RoutableContract() {}

  static Future<OpenAPIContract> load(Vertx vertx) {
    JsonNode document = read();
    document.findValues("content").forEach(RoutableContract::rename);
    document.findParents("WWW-Authenticate").forEach(RoutableContract::dropChallenge);
    mergeActions((ObjectNode) document.path("paths"));
    return OpenAPIContract.from(vertx, new JsonObject(document.toString()));
  }

  /** The name of one of our media types in the loaded contract. */
  static String loadedName(String mediaType) {
    if (mediaType.equals(Answer.PROBLEM)) {
      return MediaType.APPLICATION_JSON;
    }
    return MediaType.isMediaTypeSupported(mediaType)
        ? mediaType
        : MediaType.APPLICATION_OCTET_STREAM;
  }

  private static void dropChallenge(JsonNode headers) {
    ((ObjectNode) headers).remove("WWW-Authenticate");
  }

  private static void rename(JsonNode content) {
    ObjectNode types = (ObjectNode) content;
    List<String> names = types.propertyStream().map(java.util.Map.Entry::getKey).toList();
    for (String name : names) {
      JsonNode described = types.remove(name);
      String loaded = loadedName(name);
      // Bytes that are not JSON can't be validated against a schema.
      boolean json = !loaded.equals(MediaType.APPLICATION_OCTET_STREAM);
      types.set(loaded, json ? described : types.objectNode());
    }
  }

  /** Vert.x refuses {@code {n}:action}, so its operations move to the path {@code {n}}. */
  private static void mergeActions(ObjectNode paths) {
    List<String> actions =
        paths
            .propertyStream()
            .map(java.util.Map.Entry::getKey)
            .filter(path -> path.contains("}:"))
            .toList();
    for (String action : actions) {
      String bare = action.substring(0, action.indexOf("}:") + 1);
      JsonNode operations = paths.remove(action);
      ((ObjectNode) paths.path(bare)).set("post", operations.path("post"));
    }
  }

  private static JsonNode read() {
    try (InputStream yaml =
        ErrorCode.class.getResourceAsStream("/dev/polyptych/schema/openapi.yaml")) {
      return new YAMLMapper().readTree(yaml);
    } catch (IOException broken) {
      throw new UncheckedIOException("openapi.yaml", broken);
    }
  }
}
