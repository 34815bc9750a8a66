package dev.polyptych.dispatcher.calls;

/** As many calls as allowed are waiting already. */
public final class OverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OverloadedException(String message) {
    super(message);
  }
}
