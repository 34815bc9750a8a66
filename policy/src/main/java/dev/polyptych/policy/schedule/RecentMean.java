package dev.polyptych.policy.schedule;

/**
 * A mean in which the newest value has a fixed weight. One thread adds values; any thread reads.
 */
final class RecentMean {
  private final double newest;
  private volatile double value;

  /**
   * @param newest weight of the newest value, 0 to 1
   */
  RecentMean(double newest) {
    this.newest = newest;
  }

  void add(double measured) {
    value = value == 0 ? measured : value + newest * (measured - value);
  }

  /** 0 before the first value. */
  double value() {
    return value;
  }
}
