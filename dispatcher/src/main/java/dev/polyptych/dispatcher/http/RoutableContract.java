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
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Path;
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
  /** Names the action of an operation that was moved. */
  private static final String ACTION = "x-action";

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

  /**
   * The operations of a path of the service: the action that it ends with, or those without one.
   * Empty if there is no such path.
   */
  static List<Operation> at(OpenAPIContract contract, String path) {
    Path found = contract.findPath(path);
    List<Operation> all = found == null ? List.of() : found.getOperations();
    List<Operation> actions =
        all.stream().filter(operation -> path.endsWith(":" + action(operation))).toList();
    return actions.isEmpty()
        ? all.stream().filter(operation -> !isAction(operation)).toList()
        : actions;
  }

  static boolean isAction(Operation operation) {
    return !action(operation).isEmpty();
  }

  private static String action(Operation operation) {
    return operation.getExtensions().getOrDefault(ACTION, "").toString();
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
      int colon = action.indexOf("}:") + 1;
      ObjectNode post = (ObjectNode) paths.remove(action).path("post");
      post.put(ACTION, action.substring(colon + 1));
      ((ObjectNode) paths.path(action.substring(0, colon))).set("post", post);
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
