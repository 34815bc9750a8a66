package dev.polyptych.lab.autoscale;

import java.util.List;
import java.util.Locale;

/** The part of KEDA's resource that the simulation uses; times in seconds. */
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

  /** KEDA's Kafka scaler with default values, as when only topic and group are given. */
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

  /** The autoscaler of Kubernetes alone, which cannot scale to zero. */
  static ScaledObject utilisation(int maxReplicas) {
    return new ScaledObject(
        15, 0, 1, maxReplicas, ScalingRules.UP_BY_DEFAULT, ScalingRules.DOWN_BY_DEFAULT, List.of());
  }

  ScaledObject triggeredBy(List<Trigger> others) {
    return new ScaledObject(
        pollingInterval, cooldownPeriod, minReplicas, maxReplicas, up, down, others);
  }

  /**
   * A metric that a fleet is scaled on.
   *
   * @param threshold value of the metric per replica
   * @param activation a value above it means that there is work
   */
  record Trigger(Source source, double threshold, double activation) {
    /** Where KEDA reads the metric. */
    enum Source {
      /** The recorded series of GPU-seconds. */
      GPU_SECONDS,
      /** Records of a lane that are not committed. */
      INTERACTIVE_LAG,
      BATCH_LAG
    }
  }

  /** One direction of an autoscaler's behaviour. */
  record ScalingRules(int stabilizationWindowSeconds, List<ScalingPolicy> policies, Select select) {
    /** Which one of several policies applies. */
    enum Select {
      MAX,
      MIN,
      DISABLED;

      static Select of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
      }
    }

    /** The default of Kubernetes. */
    static final ScalingRules UP_BY_DEFAULT =
        new ScalingRules(
            0,
            List.of(
                new ScalingPolicy(ScalingPolicy.Unit.PODS, 4, 15),
                new ScalingPolicy(ScalingPolicy.Unit.PERCENT, 100, 15)),
            Select.MAX);

    static final ScalingRules DOWN_BY_DEFAULT =
        new ScalingRules(
            300, List.of(new ScalingPolicy(ScalingPolicy.Unit.PERCENT, 100, 15)), Select.MAX);

    ScalingRules {
      policies = List.copyOf(policies);
    }
  }

  /**
   * The largest change of the fleet within a period.
   *
   * @param value replicas, or percent of them
   */
  record ScalingPolicy(Unit unit, int value, int periodSeconds) {
    /** As in {@code autoscaling/v2}. */
    enum Unit {
      PODS,
      PERCENT;

      static Unit of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
      }
    }

    /** The largest number of replicas allowed. */
    int highest(int atStartOfPeriod) {
      return unit == Unit.PODS
          ? atStartOfPeriod + value
          : (int) Math.ceil(atStartOfPeriod * (1 + value / 100.0));
    }

    /** The smallest number of replicas allowed. */
    int lowest(int atStartOfPeriod) {
      return unit == Unit.PODS
          ? atStartOfPeriod - value
          : (int) (atStartOfPeriod * (1 - value / 100.0));
    }
  }
}
