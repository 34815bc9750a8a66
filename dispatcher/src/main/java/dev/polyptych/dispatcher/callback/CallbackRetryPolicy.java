package dev.polyptych.dispatcher.callback;

import dev.polyptych.store.JitteredBackoff;
import java.time.Duration;
import java.util.Optional;

/**
 * When a callback that failed is tried again: after the back-off, or when its receiver wants it if
 * that is later.
 *
 * @param retryFor age at which a callback is given up; the last try is made then
 */
record CallbackRetryPolicy(JitteredBackoff backoff, Duration retryFor) {
  /**
   * @param tries so far, from 1
   * @param age since the first became due
   * @param wanted by the receiver, zero when it said nothing
   * @return empty when it is given up
   */
  Optional<Duration> after(int tries, Duration age, Duration wanted) {
    Duration left = retryFor.minus(age);
    if (!left.isPositive()) {
      return Optional.empty();
    }
    long asWanted = Math.max(backoff.after(tries).toMillis(), wanted.toMillis());
    return Optional.of(Duration.ofMillis(Math.min(asWanted, left.toMillis())));
  }
}
