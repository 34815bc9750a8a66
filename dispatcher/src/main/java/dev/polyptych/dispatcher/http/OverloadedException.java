package dev.polyptych.dispatcher.http;

/** The allowed number of calls is already waiting. */
final class OverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OverloadedException(String message) {
    super(message);
  }
}
