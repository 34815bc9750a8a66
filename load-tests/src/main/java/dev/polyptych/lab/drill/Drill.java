package dev.polyptych.lab.drill;

import java.time.Duration;

/** Breaks one thing in one way. */
interface Drill {
  /**
   * Breaks it once and sees that the cluster bears it. Called with everything there and ready; may
   * leave workers or the dispatcher missing.
   *
   * @throws DrillFailedException when the cluster does not bear it
   */
  Incident run() throws InterruptedException;

  /**
   * What one fault cost.
   *
   * @param recovery until the cluster did its work again, as {@link DrillKind#recovered} says
   * @param furtherAttempts that the job which was hit needed
   * @param resumed attempts that went on from a checkpoint
   */
  public record Incident(Duration recovery, long furtherAttempts, long resumed) {
    /** One that hit no job in particular. */
    static Incident since(long nanos) {
      return new Incident(Duration.ofNanos(System.nanoTime() - nanos), 0, 0);
    }
  }

  /** The cluster did not bear what a drill did to it. */
  static final class DrillFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DrillFailedException(String message) {
      super(message);
    }
  }
}
