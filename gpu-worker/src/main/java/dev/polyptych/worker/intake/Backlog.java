package dev.polyptych.worker.intake;

import java.util.List;
import java.util.function.Predicate;

/** Where taken jobs wait. Called by the intake thread only; must not block it. */
public interface Backlog {
  /** Never refuses: the intake stops taking before there are too many. */
  void add(Delivery delivery);

  /** A job that this worker can't draw. Never refuses. */
  void strand(Stray stray);

  /**
   * How many jobs of a topic wait for their next try or for another worker. They take no room from
   * other jobs.
   */
  default int heldBack(String topic) {
    return 0;
  }

  /** Removes the jobs that have not begun and returns them. None that is in hand waits again. */
  List<RecordPosition> withdraw(Predicate<RecordPosition> which);

  /** Asks for running jobs to be given up soon. Each still reports its end. */
  void recall(Predicate<RecordPosition> which);
}
