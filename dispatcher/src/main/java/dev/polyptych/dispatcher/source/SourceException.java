package dev.polyptych.dispatcher.source;

/** A source that gives no file. The message names no address, path or credential of ours. */
final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean passing;

  private SourceException(String message, boolean passing) {
    super(message);
    this.passing = passing;
  }

  /** The caller must name another source. */
  static SourceException refused(String message) {
    return new SourceException(message, false);
  }

  /** A later try may succeed. */
  static SourceException passing(String message) {
    return new SourceException(message, true);
  }

  boolean passing() {
    return passing;
  }
}
