package dev.polyptych.dispatcher.callback;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * When a callback that failed is tried again: after twice as long each time, up to a bound, of
 * which 50 to 100 % are taken, or when its receiver wants it if that is later.
 *
 * @param first the whole wait after the first try
 * @param longest bound of the wait, but for what receivers want
 * @param altogether age at which a callback is given up; the last try is made then
 * @param jitter draws from 0 to 1
 */
record CallbackRetryPolicy(
    Duration first, Duration longest, Duration altogether, DoubleSupplier jitter) {
  /**
   * @param tries so far, from 1
   * @param age since the first became due
   * @param wanted by the receiver, zero when it said nothing
   * @return empty when it is given up
   */
  Optional<Duration> after(int tries, Duration age, Duration wanted) {
    Duration left = altogether.minus(age);
    if (!left.isPositive()) {
      return Optional.empty();
    }
    double bound = (double) longest.toMillis();
    double whole = Math.min(first.toMillis() * Math.pow(2, tries - 1), bound);
    long millis = Math.round(whole * (0.5 + 0.5 * jitter.getAsDouble()));
    long asWanted = Math.max(millis, wanted.toMillis());
    return Optional.of(Duration.ofMillis(Math.min(asWanted, left.toMillis())));
  }
}
