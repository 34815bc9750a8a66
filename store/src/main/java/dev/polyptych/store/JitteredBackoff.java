package dev.polyptych.store;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: twice as long each time, up to a bound. Of each wait 50 to
 * 100 % are taken, so that processes that failed together do not come back together.
 *
 * @param first the whole wait after the first try; zero for no wait at all
 * @param longest bound of the whole wait
 * @param jitter draws from 0 to 1
 */
public record JitteredBackoff(Duration first, Duration longest, DoubleSupplier jitter) {
  /**
   * @param tries so far, from 1
   */
  public Duration after(int tries) {
    double whole = Math.min(first.toMillis() * Math.pow(2, tries - 1), (double) longest.toMillis());
    return Duration.ofMillis(Math.round(whole * (0.5 + 0.5 * jitter.getAsDouble())));
  }
}
