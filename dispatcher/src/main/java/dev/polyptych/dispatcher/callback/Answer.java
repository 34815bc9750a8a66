package dev.polyptych.dispatcher.callback;

import java.time.Duration;
import java.util.Optional;

/** What became of one try. */
sealed interface Answer {
  /**
   * The receiver answered.
   *
   * @param retryAfter that it asked for, not negative
   */
  record Status(int code, Optional<Duration> retryAfter) implements Answer {}

  /** It did not, for the moment. */
  record Silence(String why) implements Answer {}

  /** It was not asked and will not be: callbacks don't go there. */
  record Forbidden(String why) implements Answer {}
}
