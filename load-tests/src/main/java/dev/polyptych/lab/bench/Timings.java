package dev.polyptych.lab.bench;

import java.util.Arrays;

/** Durations of many calls; any thread. */
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
   * @param share 0 to 1; of no durations NaN
   */
  public synchronized double percentile(double share) {
    if (count == 0) {
      return Double.NaN;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * count);
    return sorted[Math.max(rank, 1) - 1] / 1e9;
  }

  /** The same calls, each shorter by as much. */
  public synchronized Timings less(long duration) {
    Timings shorter = new Timings();
    for (int i = 0; i < count; i++) {
      shorter.add(nanos[i] - duration);
    }
    return shorter;
  }
}
