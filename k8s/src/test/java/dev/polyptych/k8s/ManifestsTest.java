package dev.polyptych.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
  private static Schemas schemas;

  @BeforeAll
  static void fetch() {
    schemas = Schemas.fetch();
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "local", "production"})
  void everyObjectIsAsTheSchemaOfItsKindSays(String overlay) {
    // When
    Manifests manifests = Manifests.of(overlay);
    // Then
    assertTrue(manifests.objects().size() > 10, overlay + " has almost nothing");
    List<String> problems = new ArrayList<>();
    for (JsonNode object : manifests.objects()) {
      String name = object.path("kind").asText() + " " + object.at("/metadata/name").asText();
      schemas.problems(object).forEach(problem -> problems.add(name + ": " + problem));
    }
    assertEquals(List.of(), problems);
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, /spec/template/spec/containers/0, imagePullPolice",
    "HorizontalPodAutoscaler, /spec, maxReplica",
    "PodDisruptionBudget, /spec, maxUnavailabel",
    "NetworkPolicy, /spec, egres",
    "Role, /rules/0, verb",
    "ValidatingAdmissionPolicy, /spec/validations/0, expresion",
    "ValidatingAdmissionPolicyBinding, /spec, policy",
    "ScaledObject, /spec, minReplicas",
    "TriggerAuthentication, /spec, secretTarget",
    "ServiceMonitor, /spec/endpoints/0, intervall",
    "PodMonitor, /spec, podMetricsEndpoint",
    "PrometheusRule, /spec/groups/0/rules/0, exp",
    "Kafka, /spec/kafka, listener",
    "KafkaNodePool, /spec, replica",
    "KafkaTopic, /spec, partition",
    "KafkaUser, /spec/authentication, typ"
  })
  void aMisspeltFieldIsFound(String kind, String where, String typo) {
    // Given
    JsonNode object = Manifests.of("production").ofKind(kind).getFirst().deepCopy();
    ((ObjectNode) object.at(where)).put(typo, 1);
    // When
    List<String> problems = schemas.problems(object);
    // Then
    assertTrue(String.join(" ", problems).contains(typo), problems.toString());
  }

  @Test
  void aValueOfTheWrongTypeIsFound() {
    JsonNode object =
        Manifests.of("production").the("Deployment", "polyptych-dispatcher").deepCopy();
    ((ObjectNode) object.get("spec")).put("replicas", "two");

    assertFalse(schemas.problems(object).isEmpty());
  }
}
