package dev.polyptych.lab.autoscale;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** KEDA's triggers, as the autoscaler takes them: each on its own, the largest of them. */
final class TriggerSignal implements Signal {
  private final List<Trigger> triggers;
  private final ToDoubleFunction<Trigger.Source> values;

  TriggerSignal(List<Trigger> triggers, ToDoubleFunction<Trigger.Source> values) {
    this.triggers = List.copyOf(triggers);
    this.values = values;
  }

  @Override
  public boolean active() {
    return triggers.stream()
        .anyMatch(trigger -> values.applyAsDouble(trigger.source()) > trigger.activation());
  }

  @Override
  public int wanted(int current) {
    return triggers.stream().mapToInt(trigger -> wanted(trigger, current)).max().orElse(current);
  }

  /** A target of the kind AverageValue (replica_calculator.go, GetExternalPerPodMetricReplicas). */
  private int wanted(Trigger trigger, int current) {
    double value = values.applyAsDouble(trigger.source());
    double ratio = value / (trigger.threshold() * current);
    return Math.abs(1 - ratio) <= Autoscaler.TOLERANCE
        ? current
        : (int) Math.ceil(value / trigger.threshold());
  }
}
