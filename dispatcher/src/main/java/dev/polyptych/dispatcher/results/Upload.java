package dev.polyptych.dispatcher.results;

import dev.polyptych.schema.error.Problem;

/** What became of a picture that a caller brought. */
public sealed interface Upload {
  record Kept(KeptReference reference) implements Upload {}

  record Refused(Problem problem) implements Upload {}
}
