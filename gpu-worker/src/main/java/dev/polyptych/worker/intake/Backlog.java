package dev.polyptych.worker.intake;

import java.util.List;
import java.util.function.Predicate;

/** Where taken jobs wait. Called by the intake thread only; must not block it. */
public interface Backlog {
  /** The intake keeps the bound: it stops taking, this never refuses. */
  void add(Delivery delivery);

  /** How many jobs of a topic wait for their time; they take no room from those that could go. */
  default int heldBack(String topic) {
    return 0;
  }

  /** Removes the jobs that nobody has begun, and says which they were. */
  List<RecordPosition> withdraw(Predicate<RecordPosition> which);

  /** Asks for begun jobs to be given up soon; they are settled as any other. */
  void recall(Predicate<RecordPosition> which);
}
