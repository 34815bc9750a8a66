package dev.polyptych.worker.render;

/** Recent mean of a denoising step. Written by the render thread, read by any. */
final class StepTime {
  /** Weight of the newest step: the mean follows a change within some twenty steps. */
  private static final double NEWEST = 0.1;

  private volatile double seconds;

  void measured(long nanos) {
    double measured = nanos / 1e9;
    seconds = seconds == 0 ? measured : seconds + NEWEST * (measured - seconds);
  }

  /** 0 before the first step. */
  double seconds() {
    return seconds;
  }
}
