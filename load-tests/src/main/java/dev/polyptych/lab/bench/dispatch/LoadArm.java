package dev.polyptych.lab.bench.dispatch;

import dev.polyptych.lab.bench.Quantiles;
import dev.polyptych.lab.bench.Timings;
import java.time.Duration;
import java.util.List;

/** One way to get jobs onto a lane. */
interface LoadArm {
  /** Starts of figures' names. */
  String name();

  /**
   * Has callers bring jobs for a while, each as soon as its last call is answered.
   *
   * @param callers how many calls are under way at any time
   */
  LoadSample run(int callers, Duration time) throws Exception;

  /**
   * What one round of an arm measured.
   *
   * @param perSecond jobs that were taken
   * @param p50Seconds of a call, whether it brings one job or many
   * @param refusals calls that were told to come back later, and did
   */
  record LoadSample(double perSecond, double p50Seconds, double p99Seconds, double refusals) {
    static LoadSample of(long taken, long refusals, double seconds, Timings timings) {
      return new LoadSample(
          taken / seconds, timings.percentile(0.5), timings.percentile(0.99), (double) refusals);
    }

    /** Each figure's own median. */
    static LoadSample median(List<LoadSample> rounds) {
      return new LoadSample(
          Quantiles.median(rounds, LoadSample::perSecond),
          Quantiles.median(rounds, LoadSample::p50Seconds),
          Quantiles.median(rounds, LoadSample::p99Seconds),
          Quantiles.median(rounds, LoadSample::refusals));
    }
  }
}
