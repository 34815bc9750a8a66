package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.autoscale.ScaledObject.Trigger;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The signal that an arm scales on. */
interface Signal {
  /** Whether there is any work. */
  boolean active();

  /** Replicas by the metrics alone; {@code current} if there are no metrics. */
  int wanted(int current);

  /** KEDA's triggers. The autoscaler evaluates each one and takes the largest result. */
  static final class TriggerSignal implements Signal {
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

    /** A target of type AverageValue (replica_calculator.go, GetExternalPerPodMetricReplicas). */
    private int wanted(Trigger trigger, int current) {
      double value = values.applyAsDouble(trigger.source());
      double ratio = value / (trigger.threshold() * current);
      return Math.abs(1 - ratio) <= Autoscaler.TOLERANCE
          ? current
          : (int) Math.ceil(value / trigger.threshold());
    }
  }

  /**
   * GPU utilisation of ready workers as a resource metric of the autoscaler (replica_calculator.go,
   * calcPlainMetricReplicas).
   */
  static final class UtilisationSignal implements Signal {
    static final double TARGET = 0.8;

    /** The window of the utilisation. */
    private static final double WINDOW_SECONDS = 60;

    private final Sight sight;
    private final ScaledFleet fleet;

    UtilisationSignal(Sight sight, ScaledFleet fleet) {
      this.sight = sight;
      this.fleet = fleet;
    }

    @Override
    public boolean active() {
      return true;
    }

    /**
     * Workers that are not ready count as idle if the fleet should grow. They do not count if it
     * should shrink.
     */
    @Override
    public int wanted(int current) {
      int ready = fleet.ready();
      if (ready == 0) {
        return current;
      }
      double ratio = sight.utilisation(WINDOW_SECONDS) / TARGET;
      int counted = ratio > 1 ? current : ready;
      double all = ratio * ready / counted;
      boolean near = Math.abs(1 - all) <= Autoscaler.TOLERANCE;
      return near || (ratio > 1 && all < 1) ? current : (int) Math.ceil(all * counted);
    }
  }
}
