package dev.polyptych.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.config.Setting;
import dev.polyptych.schema.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What schemas can't say: that the manifests fit the processes, the broker and each other. */
class DeploymentTest {
  private static final String BASE = "flux.1-dev";
  private static final String WORKER = "polyptych-gpu-worker";

  @Test
  void withImagesInABucketBothProcessesKnowItAndReachIt() throws IOException {
    Manifests manifests = Manifests.with("production", "objects");

    JsonNode settings =
        manifests.ofKind("ConfigMap").stream()
            .filter(map -> map.at("/metadata/name").asText().startsWith("polyptych-settings"))
            .findFirst()
            .orElseThrow()
            .get("data");
    assertTrue(settings.get(Setting.OBJECTS.variable()).asText().startsWith("s3://"));
    assertEquals("objects", settings.get(Setting.RESULTS.variable()).asText());
    assertTrue(settings.has(Setting.BOOTSTRAP_SERVERS.variable()));
    for (String name : List.of("polyptych-dispatcher", WORKER)) {
      String environment =
          manifests.the("Deployment", name).at("/spec/template/spec/containers/0/env").toString();
      assertTrue(environment.contains("AWS_SECRET_ACCESS_KEY"), environment);
      assertTrue(environment.contains("POLYPTYCH_REDIS"), environment);
    }
    JsonNode policy = manifests.the("NetworkPolicy", "polyptych-objects");
    assertEquals(443, policy.at("/spec/egress/0/ports/0/port").asInt());
    assertEquals(List.of(), manifests.ofKind("Secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "production"})
  void everyVariableIsASettingOfItsProcess(String overlay) {
    Manifests manifests = Manifests.of(overlay);
    Set<String> known = new HashSet<>(Set.of("POLYPTYCH_LOG_FORMAT"));
    Stream.of(Setting.values()).map(Setting::variable).forEach(known::add);

    Set<String> used = new TreeSet<>();
    for (String name : List.of("polyptych-dispatcher", WORKER)) {
      manifests
          .the("Deployment", name)
          .at("/spec/template/spec/containers/0/env")
          .forEach(variable -> used.add(variable.get("name").asText()));
    }
    for (JsonNode map : manifests.ofKind("ConfigMap")) {
      if (map.at("/metadata/name").asText().startsWith("polyptych-settings")) {
        map.get("data").fieldNames().forEachRemaining(used::add);
      }
    }
    used.removeIf(name -> !name.startsWith("POLYPTYCH_"));

    assertTrue(used.size() > 5, used.toString());
    assertTrue(known.containsAll(used), "of " + used + " only these are settings: " + known);
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "production"})
  void ourContainersAreRestricted(String overlay) {
    for (String name : List.of("polyptych-dispatcher", WORKER)) {
      JsonNode pod = Manifests.of(overlay).the("Deployment", name).at("/spec/template/spec");
      JsonNode container = pod.at("/containers/0/securityContext");

      assertTrue(pod.at("/securityContext/runAsNonRoot").asBoolean());
      assertEquals("RuntimeDefault", pod.at("/securityContext/seccompProfile/type").asText());
      assertTrue(container.get("readOnlyRootFilesystem").asBoolean());
      assertFalse(container.get("allowPrivilegeEscalation").asBoolean(true));
      assertEquals("ALL", container.at("/capabilities/drop/0").asText());
      assertFalse(pod.get("enableServiceLinks").asBoolean(true));
      assertEquals(name.equals(WORKER), pod.get("automountServiceAccountToken").asBoolean(true));
    }
  }

  @Test
  void aWorkerMayAnnotateItsOwnPodAndNobodyMayDoMore() {
    Manifests production = Manifests.of("production");
    JsonNode role = production.the("Role", WORKER);
    JsonNode policy = production.the("ValidatingAdmissionPolicy", WORKER);
    JsonNode binding = production.the("ValidatingAdmissionPolicyBinding", WORKER);

    assertEquals(1, production.ofKind("RoleBinding").size());
    assertEquals(List.of(), production.ofKind("ClusterRoleBinding"));
    assertEquals(
        "[{\"apiGroups\":[\"\"],\"resources\":[\"pods/status\"],\"verbs\":[\"patch\"]}]",
        role.get("rules").toString());
    String account = "system:serviceaccount:" + role.at("/metadata/namespace").asText() + ":";
    assertEquals(
        "request.userInfo.username == '" + account + WORKER + "'",
        policy.at("/spec/matchConditions/0/expression").asText());
    assertEquals("Fail", policy.at("/spec/failurePolicy").asText());
    assertEquals(
        role.at("/metadata/namespace"),
        binding.at(
            "/spec/matchResources/namespaceSelector/matchLabels/kubernetes.io~1metadata.name"));
    assertEquals("[\"Deny\"]", binding.at("/spec/validationActions").toString());
  }

  /** A day at least is left to raise the retention. */
  @Test
  void anOldJobIsToldOfBeforeTheBrokerDeletesIt() {
    Manifests production = Manifests.of("production");
    String alert =
        production.the("PrometheusRule", "polyptych").findParents("alert").stream()
            .filter(rule -> rule.get("alert").asText().equals("PolyptychRetentionNear"))
            .map(rule -> rule.get("expr").asText())
            .findFirst()
            .orElseThrow();
    long seconds = Long.parseLong(alert.substring(alert.lastIndexOf(' ') + 1));

    for (String lane : Topics.lanes(BASE)) {
      long retention = production.the("KafkaTopic", lane).at("/spec/config/retention.ms").asLong();
      assertTrue(seconds * 1000 <= retention - 86_400_000L, lane);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "local", "production"})
  void noSecretStandsInTheManifests(String overlay) {
    assertEquals(List.of(), Manifests.of(overlay).ofKind("Secret"));
  }

  @Test
  void aLaneHasFourPartitionsForEachWorkerThatMayRun() {
    Manifests manifests = Manifests.of("production");
    int largest = manifests.the("ScaledObject", WORKER).at("/spec/maxReplicaCount").asInt();

    for (String lane : Topics.lanes(BASE)) {
      JsonNode topic = manifests.the("KafkaTopic", lane);
      assertEquals(4 * largest, topic.at("/spec/partitions").asInt(), lane);
      assertEquals(2, topic.at("/spec/config/min.insync.replicas").asInt(), lane);
      assertEquals(7 * 86_400_000L, topic.at("/spec/config/retention.ms").asLong(), lane);
    }
    assertEquals(1, manifests.of("KafkaTopic", Topics.DEAD).size());
    Topics.inbox().forEach(topic -> assertEquals(1, manifests.of("KafkaTopic", topic).size()));
  }

  @Test
  void scalingAvoidsWhatBrokeElsewhere() {
    JsonNode spec = Manifests.of("production").the("ScaledObject", WORKER).get("spec");
    JsonNode triggers = spec.get("triggers");

    assertEquals("prometheus", triggers.at("/0/type").asText());
    assertEquals("false", triggers.at("/0/metadata/ignoreNullValues").asText());
    assertEquals(0, spec.get("minReplicaCount").asInt());
    assertEquals(1, spec.at("/fallback/replicas").asInt());
    assertTrue(spec.get("cooldownPeriod").asInt() >= 600);
    assertEquals(3, triggers.size());
    for (int i = 1; i < triggers.size(); i++) {
      JsonNode kafka = triggers.get(i).get("metadata");
      assertEquals(Topics.lanes(BASE).get(i - 1), kafka.get("topic").asText());
      assertEquals(Topics.group(BASE), kafka.get("consumerGroup").asText());
      assertEquals("earliest", kafka.get("offsetResetPolicy").asText());
      assertEquals("false", kafka.get("excludePersistentLag").asText());
      assertEquals("false", kafka.get("limitToPartitionsWithLag").asText());
      assertTrue(
          kafka.get("lagThreshold").asLong() >= 1_000_000_000L, "lag must not size the fleet");
      assertEquals("polyptych-keda", triggers.get(i).at("/authenticationRef/name").asText());
    }
  }

  @Test
  void theSettingsOfTheDispatcherFitTheTopics() {
    JsonNode container =
        Manifests.of("production")
            .the("Deployment", "polyptych-dispatcher")
            .at("/spec/template/spec/containers/0/env");

    assertEquals(
        List.of("128"),
        container
            .valueStream()
            .filter(variable -> variable.get("name").asText().equals("POLYPTYCH_PARTITIONS"))
            .map(variable -> variable.get("value").asText())
            .toList());
  }

  @Test
  void theCatalogIsTheBuiltInOne() throws IOException {
    try (var builtIn =
        Topics.class.getResourceAsStream("/dev/polyptych/schema/catalog/flux.1-dev.yaml")) {
      assertEquals(
          new String(builtIn.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8),
          Files.readString(Tools.MODULE.resolve("base/catalog.yaml")));
    }
  }
}
