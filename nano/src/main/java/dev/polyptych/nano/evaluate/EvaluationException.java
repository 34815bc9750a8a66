package dev.polyptych.nano.evaluate;

/** What is to be evaluated is not there; the message says what, and how to make it. */
public final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EvaluationException(String message) {
    super(message);
  }
}
