package dev.polyptych.lab.drill;

/** The cluster did not bear what a drill did to it. */
final class DrillFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DrillFailedException(String message) {
    super(message);
  }
}
