package dev.polyptych.lab.autoscale;

import java.util.Locale;

/**
 * How far the fleet may change within a time.
 *
 * @param value replicas, or per cent of them
 */
record ScalingPolicy(Unit unit, int value, int periodSeconds) {
  /** As {@code autoscaling/v2} has it. */
  enum Unit {
    PODS,
    PERCENT;

    static Unit of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** The most replicas there may be. */
  int highest(int atStartOfPeriod) {
    return unit == Unit.PODS
        ? atStartOfPeriod + value
        : (int) Math.ceil(atStartOfPeriod * (1 + value / 100.0));
  }

  /** The fewest replicas there may be. */
  int lowest(int atStartOfPeriod) {
    return unit == Unit.PODS
        ? atStartOfPeriod - value
        : (int) (atStartOfPeriod * (1 - value / 100.0));
  }
}
