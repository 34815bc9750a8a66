package dev.polyptych.lab.bench.dispatch;

import java.time.Duration;

/** One way to get jobs onto a lane. */
interface Arm {
  /** Starts of figures' names. */
  String name();

  /**
   * Has callers bring jobs for a while, each as soon as its last call is answered.
   *
   * @param callers how many calls are under way at any time
   */
  Sample run(int callers, Duration time) throws Exception;
}
