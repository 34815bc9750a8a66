package dev.polyptych.worker.publish;

/** The broker did not acknowledge a record. It may have the record; sending again is safe. */
public final class BrokerUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
