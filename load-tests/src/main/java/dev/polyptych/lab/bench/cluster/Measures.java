package dev.polyptych.lab.bench.cluster;

import java.util.Arrays;
import java.util.List;

/**
 * What is compared.
 *
 * @param throughput jobs a second, from the first one's coming until the last is drawn
 * @param p95Wait seconds from a job's coming to its first step, the swap included
 */
record Measures(double swapsPerJob, double throughput, double p95Wait) {
  private static final double QUANTILE = 0.95;

  /**
   * A job, measured or predicted; times in seconds on one clock.
   *
   * @param begun its first step
   */
  record Job(double came, double begun, double ended, boolean swapped) {}

  static Measures of(List<Job> jobs) {
    double[] waits = jobs.stream().mapToDouble(job -> job.begun() - job.came()).sorted().toArray();
    double first = jobs.stream().mapToDouble(Job::came).min().orElseThrow();
    double last = jobs.stream().mapToDouble(Job::ended).max().orElseThrow();
    double swaps = jobs.stream().filter(Job::swapped).count();
    return new Measures(
        swaps / jobs.size(), jobs.size() / (last - first), quantile(waits, QUANTILE));
  }

  /** By nearest rank; 0 of none. */
  static double quantile(double[] sorted, double part) {
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(part * sorted.length) - 1];
  }

  /** Of unsorted values; 0 of none. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return quantile(sorted, 0.5);
  }
}
