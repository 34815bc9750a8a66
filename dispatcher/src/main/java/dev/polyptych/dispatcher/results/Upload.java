package dev.polyptych.dispatcher.results;

import dev.polyptych.schema.error.Problem;

/** The outcome of a picture upload. */
public sealed interface Upload {
  record Kept(KeptReference reference) implements Upload {}

  record Refused(Problem problem) implements Upload {}
}
