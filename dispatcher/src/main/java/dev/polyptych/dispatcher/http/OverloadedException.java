package dev.polyptych.dispatcher.http;

/** As many calls as allowed are waiting already. */
final class OverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OverloadedException(String message) {
    super(message);
  }
}
