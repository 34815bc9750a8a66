package dev.polyptych.worker.publish;

import dev.polyptych.worker.intake.JobHeaders;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long a job waits after an attempt that failed: twice as long each time, up to {@link
 * JobHeaders#LONGEST_DELAY}, of which 50 to 100 % are taken, so that jobs which failed together do
 * not come back together.
 *
 * @param first the whole wait after the first attempt; zero for none ever
 * @param jitter draws from 0 to 1
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
