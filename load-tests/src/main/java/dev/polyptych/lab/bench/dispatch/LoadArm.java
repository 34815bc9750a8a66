package dev.polyptych.lab.bench.dispatch;

import dev.polyptych.lab.bench.Quantiles;
import dev.polyptych.lab.bench.Timings;
import java.time.Duration;
import java.util.List;

/** One way to put jobs on a lane. */
interface LoadArm {
  /** Prefix of the figures' names. */
  String name();

  /**
   * Submits jobs for some time. Each caller sends its next call when the last one is answered.
   *
   * @param callers number of calls in flight
   */
  LoadSample run(int callers, Duration time) throws Exception;

  /**
   * The figures of one round of an arm.
   *
   * @param perSecond accepted jobs per second
   * @param p50Seconds of a call with one or many jobs
   * @param refusals calls that were refused and repeated later
   */
  record LoadSample(double perSecond, double p50Seconds, double p99Seconds, double refusals) {
    static LoadSample of(long taken, long refusals, double seconds, Timings timings) {
      return new LoadSample(
          taken / seconds, timings.percentile(0.5), timings.percentile(0.99), (double) refusals);
    }

    /** The median of each figure. */
    static LoadSample median(List<LoadSample> rounds) {
      return new LoadSample(
          Quantiles.median(rounds, LoadSample::perSecond),
          Quantiles.median(rounds, LoadSample::p50Seconds),
          Quantiles.median(rounds, LoadSample::p99Seconds),
          Quantiles.median(rounds, LoadSample::refusals));
    }
  }
}
