package dev.polyptych.worker.publish;

import dev.polyptych.worker.intake.JobHeaders;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long a job waits after a failed attempt. The wait doubles with each attempt, up to {@link
 * JobHeaders#LONGEST_DELAY}. A random 50 to 100 % of it is taken, so that jobs that failed together
 * do not come back together.
 *
 * @param first the full wait after the first attempt; zero: never wait
 * @param jitter random, 0 to 1
 */
record RetryBackoff(Duration first, DoubleSupplier jitter) {
  /**
   * @param attempt that failed, from 1
   */
  Duration after(int attempt) {
    double longest = (double) JobHeaders.LONGEST_DELAY.toMillis();
    double whole = Math.min(first.toMillis() * Math.pow(2, attempt - 1), longest);
    return Duration.ofMillis(Math.round(whole * (0.5 + 0.5 * jitter.getAsDouble())));
  }
}
