package dev.polyptych.dispatcher.registry;

import dev.polyptych.schema.error.Problem;

/**
 * What became of a registration.
 *
 * @param <T> the version
 */
public sealed interface Registration<T> {
  /** The version that there is now; it may have been there before. */
  record Done<T>(T version) implements Registration<T> {}

  /** Nothing has changed. */
  record Refused<T>(Problem problem) implements Registration<T> {}
}
