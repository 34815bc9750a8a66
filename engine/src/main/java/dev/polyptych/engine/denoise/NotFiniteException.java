package dev.polyptych.engine.denoise;

/** A run came to values that are no finite numbers. The same run comes to them again. */
public final class NotFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotFiniteException() {
    super("came to values that are no finite numbers");
  }
}
