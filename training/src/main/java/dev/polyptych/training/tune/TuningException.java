package dev.polyptych.training.tune;

/** Tuning can't start or continue. The message says why and what to do. */
public final class TuningException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TuningException(String message) {
    super(message);
  }

  TuningException(String message, Throwable cause) {
    super(message, cause);
  }
}
