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
 * The contract as Vert.x can load it: it refuses documents with response media types that it can't
 * validate itself, and paths with actions, so those are renamed here (and only here) to the nearest
 * it knows. It can't read header values with quotes inside, so the one that has them goes.
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

  /** What a media type of ours is called in the loaded contract. */
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
      // Bytes that are no JSON can't be held against a schema.
      boolean json = !loaded.equals(MediaType.APPLICATION_OCTET_STREAM);
      types.set(loaded, json ? described : types.objectNode());
    }
  }

  /** Vert.x takes no {@code {n}:action}: its operations become those of {@code {n}}. */
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
