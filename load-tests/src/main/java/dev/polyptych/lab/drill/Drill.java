package dev.polyptych.lab.drill;

import dev.polyptych.lab.drill.JobEnds.Aftermath;
import java.time.Duration;
import java.util.Optional;

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
   * @param aftermath what became of the jobs of that time; empty where it was not counted
   */
  record Incident(
      Duration recovery, long furtherAttempts, long resumed, Optional<Aftermath> aftermath) {
    Incident(Duration recovery, long furtherAttempts, long resumed) {
      this(recovery, furtherAttempts, resumed, Optional.empty());
    }

    /** One line for people. */
    String text() {
      return "recovered in %.1f s".formatted(recovery.toMillis() / 1000.0)
          + aftermath.map(counted -> "; " + counted.text()).orElse("");
    }

    Incident with(Aftermath counted) {
      return new Incident(recovery, furtherAttempts, resumed, Optional.of(counted));
    }

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
