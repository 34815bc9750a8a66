package dev.polyptych.dispatcher.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.schema.error.ErrorCode;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code openapi.yaml} as it is written: media types by their own names, and the schemas of what is
 * inside a stream.
 */
final class DocumentedAnswers {
  private static final JsonNode DOCUMENT = read();
  private static final Map<String, Validator> VALIDATORS = new ConcurrentHashMap<>();

  private DocumentedAnswers() {}

  /** Fails unless the operation may answer so. */
  static void checkType(String operationId, int status, String contentType) {
    String type = contentType.split(";", 2)[0].strip();
    JsonNode response = response(operationId, status);
    Set<String> described = new TreeSet<>();
    response.path("content").fieldNames().forEachRemaining(described::add);
    if (!described.contains(type)) {
      throw new AssertionError(
          "%s answered %d as %s; the contract says %s"
              .formatted(operationId, status, type, described));
    }
  }

  /**
   * Fails unless it is JSON of a schema.
   *
   * @param schema a name below {@code components/schemas}
   */
  static void checkJson(String schema, String json) {
    Validator validator = VALIDATORS.computeIfAbsent(schema, DocumentedAnswers::validator);
    OutputUnit result = validator.validate(new JsonObject(json));
    if (!Boolean.TRUE.equals(result.getValid())) {
      throw new AssertionError("no " + schema + ": " + json + "; " + result.getErrors());
    }
  }

  private static JsonNode response(String operationId, int status) {
    for (JsonNode path : DOCUMENT.path("paths")) {
      for (JsonNode operation : path) {
        if (operation.path("operationId").asText().equals(operationId)) {
          return resolved(operation.path("responses").path(Integer.toString(status)));
        }
      }
    }
    throw new AssertionError("the contract has no operation " + operationId);
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.path("$ref").textValue().substring(1)) : node;
  }

  private static Validator validator(String schema) {
    JsonObject whole =
        new JsonObject()
            .put("$ref", "#/components/schemas/" + schema)
            .put("components", new JsonObject(DOCUMENT.path("components").toString()));
    return Validator.create(
        JsonSchema.of(whole),
        new JsonSchemaOptions()
            .setBaseUri("https://polyptych.dev/" + schema)
            .setDraft(Draft.DRAFT202012));
  }

  private static JsonNode read() {
    try (InputStream yaml =
        ErrorCode.class.getResourceAsStream("/dev/polyptych/schema/openapi.yaml")) {
      return new YAMLMapper().readTree(yaml);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
