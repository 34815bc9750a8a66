package dev.polyptych.lab.autoscale;

import java.util.List;
import java.util.Locale;

/** One direction of an autoscaler's behaviour. */
record ScalingRules(int stabilizationWindowSeconds, List<ScalingPolicy> policies, Select select) {
  /** Which of several policies holds. */
  enum Select {
    MAX,
    MIN,
    DISABLED;

    static Select of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** Kubernetes' own, where a manifest says nothing. */
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
