package dev.polyptych.dispatcher.callback;

import java.time.Duration;
import java.util.Optional;

/** The outcome of one try. */
sealed interface PostOutcome {
  /**
   * The receiver answered.
   *
   * @param retryAfter the wait that the receiver asked for; not negative
   */
  record Status(int code, Optional<Duration> retryAfter) implements PostOutcome {}

  /** The receiver did not answer this time; a later try may succeed. */
  record Silence(String why) implements PostOutcome {}

  /** Nothing was sent, and nothing will be: callbacks must not reach this address. */
  record Forbidden(String why) implements PostOutcome {}
}
