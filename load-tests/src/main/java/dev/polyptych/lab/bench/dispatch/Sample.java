package dev.polyptych.lab.bench.dispatch;

import dev.polyptych.lab.bench.Timings;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one round of an arm measured.
 *
 * @param perSecond jobs that were taken
 * @param p50Seconds of a call, whether it brings one job or many
 * @param refusals calls that were told to come back later, and did
 */
record Sample(double perSecond, double p50Seconds, double p99Seconds, double refusals) {
  static Sample of(long taken, long refusals, double seconds, Timings timings) {
    return new Sample(
        taken / seconds, timings.percentile(0.5), timings.percentile(0.99), (double) refusals);
  }

  /** Each figure's own median. */
  static Sample median(List<Sample> rounds) {
    return new Sample(
        median(rounds, Sample::perSecond),
        median(rounds, Sample::p50Seconds),
        median(rounds, Sample::p99Seconds),
        median(rounds, Sample::refusals));
  }

  private static double median(List<Sample> rounds, ToDoubleFunction<Sample> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
