package dev.polyptych.lab.autoscale;

import java.util.List;

/** What of KEDA's resource the simulation goes by; times in seconds. */
record ScaledObject(
    int pollingInterval,
    int cooldownPeriod,
    int minReplicas,
    int maxReplicas,
    ScalingRules up,
    ScalingRules down,
    List<Trigger> triggers) {
  ScaledObject {
    triggers = List.copyOf(triggers);
  }

  /** KEDA's kafka scaler as it is where only the topic and the group are named. */
  static ScaledObject lagByDefault(int maxReplicas) {
    return new ScaledObject(
        30,
        300,
        0,
        maxReplicas,
        ScalingRules.UP_BY_DEFAULT,
        ScalingRules.DOWN_BY_DEFAULT,
        List.of(new Trigger(Trigger.Source.INTERACTIVE_LAG, 10, 0)));
  }

  /** The autoscaler of Kubernetes alone, which can't scale to none. */
  static ScaledObject utilisation(int maxReplicas) {
    return new ScaledObject(
        15, 0, 1, maxReplicas, ScalingRules.UP_BY_DEFAULT, ScalingRules.DOWN_BY_DEFAULT, List.of());
  }

  ScaledObject triggeredBy(List<Trigger> others) {
    return new ScaledObject(
        pollingInterval, cooldownPeriod, minReplicas, maxReplicas, up, down, others);
  }
}
