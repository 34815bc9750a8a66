package dev.polyptych.store;

/** Redis does not answer, or refuses to write. The change may or may not have happened. */
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
