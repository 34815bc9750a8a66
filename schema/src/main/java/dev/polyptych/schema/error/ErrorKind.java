package dev.polyptych.schema.error;

/** Who must act on a failure; HTTP status class and retry follow from it. */
public enum ErrorKind {
  /** The request is wrong; the same request fails again. */
  CALLER,
  /** Right request, wrong moment: the same request may succeed later. */
  CAPACITY,
  /** Our fault; worth another attempt. */
  INTERNAL;

  /** Whether the same job may be tried again unchanged. */
  public boolean retryable() {
    return this != CALLER;
  }
}
