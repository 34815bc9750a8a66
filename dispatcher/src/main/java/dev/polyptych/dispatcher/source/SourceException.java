package dev.polyptych.dispatcher.source;

/** A source that gives no file. The message names no address, path or credential of ours. */
final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean passing;
  private final boolean brokeOff;

  private SourceException(String message, boolean passing, boolean brokeOff) {
    super(message);
    this.passing = passing;
    this.brokeOff = brokeOff;
  }

  /** The caller must name another source. */
  static SourceException refused(String message) {
    return new SourceException(message, false, false);
  }

  /** A later try may succeed. */
  static SourceException passing(String message) {
    return new SourceException(message, true, false);
  }

  /** The connection ended before the file did. */
  static SourceException brokenOff(String message) {
    return new SourceException(message, true, true);
  }

  boolean brokeOff() {
    return brokeOff;
  }

  boolean passing() {
    return passing;
  }
}
