package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.bench.Quantiles;
import java.util.List;

/**
 * The figures that are compared.
 *
 * @param throughput jobs per second, from the first arrival until the last job is drawn
 * @param p95Wait seconds from arrival to the first step, including the swap
 */
record Measures(double swapsPerJob, double throughput, double p95Wait) {
  private static final double QUANTILE = 0.95;

  /**
   * A job, measured or predicted; times in seconds on one clock.
   *
   * @param begun time of its first step
   */
  record Job(double came, double begun, double ended, boolean swapped) {}

  static Measures of(List<Job> jobs) {
    double[] waits = jobs.stream().mapToDouble(job -> job.begun() - job.came()).toArray();
    double first = jobs.stream().mapToDouble(Job::came).min().orElseThrow();
    double last = jobs.stream().mapToDouble(Job::ended).max().orElseThrow();
    double swaps = jobs.stream().filter(Job::swapped).count();
    return new Measures(
        swaps / jobs.size(), jobs.size() / (last - first), Quantiles.nearestRank(QUANTILE, waits));
  }
}
