package dev.polyptych.lab.autoscale;

import java.util.ArrayDeque;
import java.util.Deque;

/** Jobs that are not settled; those that nobody draws wait in line. */
final class Backlog {
  private final Deque<ScaledJob> waiting = new ArrayDeque<>();
  private int unsettled;
  private double estimated;

  void submit(ScaledJob job) {
    unsettled++;
    estimated += job.estimated;
    waiting.addLast(job);
  }

  boolean waits() {
    return !waiting.isEmpty();
  }

  ScaledJob next() {
    return waiting.removeFirst();
  }

  /** It was stopped, and is the next to be drawn. */
  void handedBack(ScaledJob job) {
    waiting.addFirst(job);
  }

  void settled(ScaledJob job) {
    unsettled--;
    estimated = unsettled == 0 ? 0 : estimated - job.estimated;
  }

  /** Jobs waiting or being drawn. */
  int unsettled() {
    return unsettled;
  }

  /** GPU-seconds that all these jobs are taken to need, also of what is drawn already. */
  double estimated() {
    return estimated;
  }
}
