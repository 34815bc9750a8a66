package dev.polyptych.lab.autoscale;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.lab.autoscale.ScaledObject.ScalingPolicy;
import dev.polyptych.lab.autoscale.ScaledObject.ScalingRules;
import dev.polyptych.lab.autoscale.ScaledObject.Trigger;
import java.util.ArrayList;
import java.util.List;

/** Reads KEDA's resource. Missing fields have the default of KEDA or Kubernetes. */
final class ScaledObjectReader {
  private ScaledObjectReader() {}

  /**
   * @throws IllegalArgumentException naming the field that the simulation does not know
   */
  static ScaledObject read(JsonNode resource) {
    require(resource.path("kind").asText().equals("ScaledObject"), "kind: must be ScaledObject");
    JsonNode spec = resource.path("spec");
    JsonNode behavior = spec.at("/advanced/horizontalPodAutoscalerConfig/behavior");
    List<Trigger> triggers = new ArrayList<>();
    spec.path("triggers").forEach(trigger -> triggers.add(trigger(trigger)));
    require(!triggers.isEmpty(), "spec.triggers: must not be empty");
    return new ScaledObject(
        spec.path("pollingInterval").asInt(30),
        spec.path("cooldownPeriod").asInt(300),
        spec.path("minReplicaCount").asInt(0),
        spec.path("maxReplicaCount").asInt(100),
        rules(behavior.path("scaleUp"), ScalingRules.UP_BY_DEFAULT),
        rules(behavior.path("scaleDown"), ScalingRules.DOWN_BY_DEFAULT),
        triggers);
  }

  private static Trigger trigger(JsonNode trigger) {
    JsonNode metadata = trigger.path("metadata");
    String type = trigger.path("type").asText();
    return switch (type) {
      case "prometheus" -> {
        String query = metadata.path("query").asText();
        require(
            query.matches(Wanted.SERIES + "\\{base=\"[^\"]+\"}"),
            "triggers.metadata.query: must be " + Wanted.SERIES + "{base=\"…\"}");
        yield new Trigger(
            Trigger.Source.GPU_SECONDS,
            number(metadata, "threshold"),
            metadata.path("activationThreshold").asDouble(0));
      }
      case "kafka" ->
          new Trigger(
              metadata.path("topic").asText().endsWith(".batch")
                  ? Trigger.Source.BATCH_LAG
                  : Trigger.Source.INTERACTIVE_LAG,
              metadata.path("lagThreshold").asDouble(10),
              metadata.path("activationLagThreshold").asDouble(0));
      default ->
          throw new IllegalArgumentException(
              "triggers.type: must be prometheus or kafka, was " + type);
    };
  }

  private static double number(JsonNode metadata, String key) {
    double value = metadata.path(key).asDouble(0);
    require(value > 0, "triggers.metadata." + key + ": must be a number above 0");
    return value;
  }

  private static ScalingRules rules(JsonNode rules, ScalingRules otherwise) {
    if (rules.isMissingNode()) {
      return otherwise;
    }
    List<ScalingPolicy> policies = new ArrayList<>();
    rules.path("policies").forEach(policy -> policies.add(policy(policy)));
    return new ScalingRules(
        rules.path("stabilizationWindowSeconds").asInt(otherwise.stabilizationWindowSeconds()),
        policies.isEmpty() ? otherwise.policies() : policies,
        ScalingRules.Select.of(rules.path("selectPolicy").asText("Max")));
  }

  private static ScalingPolicy policy(JsonNode policy) {
    return new ScalingPolicy(
        ScalingPolicy.Unit.of(policy.path("type").asText()),
        policy.path("value").asInt(),
        policy.path("periodSeconds").asInt());
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
