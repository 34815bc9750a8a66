package dev.polyptych.lab.drill;

import java.time.Duration;

/** One kind of fault. */
interface Drill {
  /**
   * Causes the fault once and checks that the cluster recovers. All processes are ready when it is
   * called. It may leave workers or the dispatcher missing.
   *
   * @throws DrillFailedException if the cluster does not recover
   */
  Incident run() throws InterruptedException;

  /**
   * The cost of one fault.
   *
   * @param recovery time until the cluster worked again, see {@link DrillKind}
   * @param furtherAttempts additional attempts of the job that was hit
   * @param resumed attempts that resumed from a checkpoint
   */
  record Incident(Duration recovery, long furtherAttempts, long resumed) {
    /** A fault that hit no particular job. */
    static Incident since(long nanos) {
      return new Incident(Duration.ofNanos(System.nanoTime() - nanos), 0, 0);
    }
  }

  /** The cluster did not recover from a fault. */
  final class DrillFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DrillFailedException(String message) {
      super(message);
    }
  }
}
