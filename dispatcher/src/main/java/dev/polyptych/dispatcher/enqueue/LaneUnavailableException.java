package dev.polyptych.dispatcher.enqueue;

/** The broker did not acknowledge in time. It may still have the record. */
public final class LaneUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  public LaneUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
