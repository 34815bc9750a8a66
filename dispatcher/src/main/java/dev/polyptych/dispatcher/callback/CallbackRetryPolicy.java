package dev.polyptych.dispatcher.callback;

import dev.polyptych.store.JitteredBackoff;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides when to retry a failed callback: after the back-off or at the time that the receiver
 * asked for, whichever is later.
 *
 * @param retryFor age at which the dispatcher gives up a callback, after a last try
 */
record CallbackRetryPolicy(JitteredBackoff backoff, Duration retryFor) {
  /**
   * @param tries so far, from 1
   * @param age since the first try became due
   * @param wanted the wait that the receiver asked for; zero if it asked for none
   * @return the wait before the next try; empty to give up
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
