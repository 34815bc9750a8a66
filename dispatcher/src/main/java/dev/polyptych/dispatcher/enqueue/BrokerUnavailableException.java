package dev.polyptych.dispatcher.enqueue;

/** The broker did not acknowledge in time. It may have the record all the same. */
public final class BrokerUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  public BrokerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
