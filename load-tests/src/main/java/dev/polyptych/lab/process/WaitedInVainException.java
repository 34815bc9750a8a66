package dev.polyptych.lab.process;

/** What was waited for was not seen in time. */
public final class WaitedInVainException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WaitedInVainException(String message) {
    super(message);
  }
}
