package dev.polyptych.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What workers may change, by the same library that the API server evaluates policies with. */
class PolicyTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Path PROGRAM = Tools.MODULE.resolve("target/tools/policy");
  private static final String POD =
      """
      metadata:
        name: polyptych-gpu-worker-1
        labels: {app.kubernetes.io/part-of: polyptych}
        annotations: {kept: as it was}
      status: {phase: Running}
      """;

  private static JsonNode policy;

  @TempDir Path folder;

  @BeforeAll
  static void build() {
    Tools.Run build =
        Tools.run(
            Map.of(),
            List.of(
                "go",
                "build",
                "-C",
                Tools.MODULE.resolve("src/test/go/policy").toString(),
                "-o",
                PROGRAM.toString(),
                "."));
    if (build.status() != 0) {
      throw Tools.skip("the policy's evaluator can't be built: " + build.output());
    }
    policy = Manifests.of("base").the("ValidatingAdmissionPolicy", "polyptych-gpu-worker");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metadata: {annotations: {controller.kubernetes.io/pod-deletion-cost: '100'}}",
        "metadata: {annotations: {}}"
      })
  void aWorkerMayChangeTheDeletionCostOfItsOwnPod(String change) throws IOException {
    assertTrue(allowed(POD, change, "polyptych-gpu-worker-1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metadata: {annotations: {kept: otherwise}}",
        "metadata: {annotations: {kept: null}}",
        "metadata: {annotations: {another: one}}",
        "metadata: {labels: {app.kubernetes.io/part-of: nothing}}",
        "metadata: {labels: {app.kubernetes.io/part-of: null}}",
        "metadata: {labels: {another: one}}",
        "metadata: {finalizers: [for/ever]}",
        "status: {phase: Failed}"
      })
  void ofItsOwnPodItMayChangeNothingElse(String change) throws IOException {
    assertEquals(false, allowed(POD, change, "polyptych-gpu-worker-1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"polyptych-gpu-worker-2", "polyptych-dispatcher-1"})
  void itMayChangeNoOtherPod(String asking) throws IOException {
    String change = "metadata: {annotations: {controller.kubernetes.io/pod-deletion-cost: '100'}}";

    assertEquals(false, allowed(POD, change, asking));
  }

  /**
   * @param change as a merge patch
   * @param asking the pod whose token is used
   */
  private boolean allowed(String pod, String change, String asking) throws IOException {
    JsonNode before = YAML.readTree(pod);
    ObjectNode input = new ObjectMapper().createObjectNode();
    input.set("variables", policy.at("/spec/variables"));
    input.set("validations", policy.at("/spec/validations"));
    ObjectNode question = input.putArray("cases").addObject();
    question.set("oldObject", before);
    question.set("object", merged(before.deepCopy(), YAML.readTree(change)));
    question
        .putObject("request")
        .putObject("userInfo")
        .putObject("extra")
        .putArray("authentication.kubernetes.io/pod-name")
        .add(asking);
    Path file = Files.writeString(folder.resolve("input.json"), input.toString());
    Tools.Run run = Tools.run(Map.of(), List.of(PROGRAM.toString(), file.toString()));
    assertEquals(0, run.status(), run.output());
    return Boolean.parseBoolean(run.output().strip());
  }

  private static ObjectNode merged(ObjectNode into, JsonNode patch) {
    for (var field : patch.properties()) {
      if (field.getValue().isNull()) {
        into.remove(field.getKey());
      } else if (field.getValue().isObject() && into.path(field.getKey()).isObject()) {
        merged((ObjectNode) into.get(field.getKey()), field.getValue());
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
    return into;
  }
}
