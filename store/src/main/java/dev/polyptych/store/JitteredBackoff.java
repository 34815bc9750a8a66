package dev.polyptych.store;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try. The wait doubles with each try, up to a bound. The actual
 * wait is a random 50 to 100 % of it, so processes that failed together do not retry together.
 *
 * @param first full wait after the first try; zero for no wait at all
 * @param longest bound of the full wait
 * @param jitter draws from 0 to 1
 */
public record JitteredBackoff(Duration first, Duration longest, DoubleSupplier jitter) {
  /**
   * @param tries number of tries so far, from 1
   */
  public Duration after(int tries) {
    double whole = Math.min(first.toMillis() * Math.pow(2, tries - 1), (double) longest.toMillis());
    return Duration.ofMillis(Math.round(whole * (0.5 + 0.5 * jitter.getAsDouble())));
  }
}
