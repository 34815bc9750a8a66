package dev.polyptych.lab.bench;

import java.util.Arrays;

/** Durations of many calls. Safe for all threads. */
public final class Timings {
  private long[] nanos = new long[1024];
  private int count;

  public synchronized void add(long duration) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = duration;
  }

  public synchronized int count() {
    return count;
  }

  /**
   * By nearest rank, in seconds.
   *
   * @param share 0 to 1
   * @return NaN if there are no durations
   */
  public synchronized double percentile(double share) {
    double[] values = Arrays.stream(nanos, 0, count).asDoubleStream().toArray();
    return Quantiles.nearestRank(share, values) / 1e9;
  }

  /** The same calls, each shorter by this many nanoseconds. */
  public synchronized Timings less(long duration) {
    Timings shorter = new Timings();
    for (int i = 0; i < count; i++) {
      shorter.add(nanos[i] - duration);
    }
    return shorter;
  }
}
