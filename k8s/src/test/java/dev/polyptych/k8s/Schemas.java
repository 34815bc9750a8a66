package dev.polyptych.k8s;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The published schemas of every kind that we install, read strictly: a field that a schema does
 * not name is an error, as with {@code kubectl --validate=strict}. Kubernetes' own come from its
 * OpenAPI document, KEDA's and the Prometheus operator's from their custom resource definitions,
 * Strimzi's are its classes.
 */
final class Schemas {
  private static final String KUBERNETES = "k8s.io/kubernetes@v1.37.2";
  private static final String KEDA = "github.com/kedacore/keda/v2@v2.21.0";
  private static final String PROMETHEUS =
      "github.com/prometheus-operator/prometheus-operator@v0.85.0";
  private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V4);
  private static final Map<String, Class<?>> STRIMZI =
      Map.of(
          "kafka.strimzi.io/v1/Kafka", Kafka.class,
          "kafka.strimzi.io/v1/KafkaNodePool", KafkaNodePool.class,
          "kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class,
          "kafka.strimzi.io/v1/KafkaUser", KafkaUser.class);

  /** Its classes keep unknown fields; without that setter they are errors. */
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated any) {
                  return false;
                }
              })
          .build();

  private final Map<String, JsonNode> schemas = new HashMap<>();

  static Schemas fetch() {
    Schemas all = new Schemas();
    try {
      all.kubernetes(Tools.goModule(KUBERNETES).resolve("api/openapi-spec/swagger.json"));
      all.definitions(Tools.goModule(KEDA).resolve("config/crd/bases"));
      all.definitions(Tools.goModule(PROMETHEUS).resolve("example/prometheus-operator-crd"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return all;
  }

  /** What is wrong with an object; nothing when it is as its kind's schema says. */
  List<String> problems(JsonNode object) {
    String kind = object.path("apiVersion").asText() + "/" + object.path("kind").asText();
    if (STRIMZI.containsKey(kind)) {
      return strimzi(object, STRIMZI.get(kind));
    }
    JsonNode schema = schemas.get(kind);
    if (schema == null) {
      return List.of("no schema knows " + kind);
    }
    return FACTORY.getSchema(schema).validate(object).stream()
        .map(ValidationMessage::getMessage)
        .toList();
  }

  private static List<String> strimzi(JsonNode object, Class<?> type) {
    try {
      Object read = STRICT.treeToValue(object, type);
      return read == null ? List.of("is empty") : List.of();
    } catch (IOException wrong) {
      return List.of(wrong.getMessage());
    }
  }

  private void kubernetes(Path openApi) throws IOException {
    ObjectNode document = (ObjectNode) new ObjectMapper().readTree(openApi.toFile());
    ObjectNode definitions = (ObjectNode) document.get("definitions");
    definitions.set("io.k8s.apimachinery.pkg.util.intstr.IntOrString", intOrString());
    close(definitions);
    for (var definition : definitions.properties()) {
      for (JsonNode kind : definition.getValue().path("x-kubernetes-group-version-kind")) {
        String group = kind.get("group").asText();
        String name =
            (group.isEmpty() ? "" : group + "/")
                + kind.get("version").asText()
                + "/"
                + kind.get("kind").asText();
        ObjectNode schema = new ObjectMapper().createObjectNode();
        schema.putArray("allOf").addObject().put("$ref", "#/definitions/" + definition.getKey());
        schema.set("definitions", definitions);
        schemas.putIfAbsent(name, schema);
      }
    }
  }

  private void definitions(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        JsonNode spec = new YAMLMapper().readTree(file.toFile()).path("spec");
        for (JsonNode version : spec.path("versions")) {
          JsonNode schema = version.at("/schema/openAPIV3Schema");
          close(schema);
          schemas.put(
              spec.path("group").asText()
                  + "/"
                  + version.get("name").asText()
                  + "/"
                  + spec.at("/names/kind").asText(),
              schema);
        }
      }
    }
  }

  /** Objects with named fields take no others. */
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.path("properties").isObject()
        && !object.has("additionalProperties")
        && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
      object.put("additionalProperties", false);
    }
    schema.forEach(Schemas::close);
  }

  private static ObjectNode intOrString() {
    ObjectNode either = new ObjectMapper().createObjectNode();
    either.putArray("type").add("integer").add("string");
    return either;
  }
}
