package dev.polyptych.dispatcher.callback;

import java.time.Duration;
import java.util.Optional;

/** What became of one try. */
sealed interface PostOutcome {
  /**
   * The receiver answered.
   *
   * @param retryAfter that it asked for, not negative
   */
  record Status(int code, Optional<Duration> retryAfter) implements PostOutcome {}

  /** It did not, for the moment. */
  record Silence(String why) implements PostOutcome {}

  /** It was not asked and will not be: callbacks don't go there. */
  record Forbidden(String why) implements PostOutcome {}
}
