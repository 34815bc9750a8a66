package dev.polyptych.store.objects;

/**
 * The object store does not answer, or refuses. The message says what to do. A write may or may not
 * have happened; a retry is safe.
 */
public final class ObjectsUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ObjectsUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
