package dev.polyptych.lab.autoscale;

/** One job; owned by the simulation's thread. */
final class ScaledJob {
  final double arrived;

  /** GPU-seconds, and what the dispatcher takes them to be. */
  final double seconds;

  final double estimated;

  private double drawn;
  private double begun = Double.NaN;
  private double ahead;
  private boolean stopped;

  ScaledJob(double arrived, double seconds, double estimated) {
    this.arrived = arrived;
    this.seconds = seconds;
    this.estimated = estimated;
  }

  /** Seconds from arrival to the first step; NaN before. */
  double waited() {
    return begun - arrived;
  }

  /**
   * @return seconds that it takes from here
   */
  double begin(double now, Render render) {
    if (Double.isNaN(begun)) {
      begun = now;
    }
    ahead = stopped ? render.resuming() : 0;
    return ahead + seconds - drawn;
  }

  /**
   * Given back.
   *
   * @param kept seconds since its worker began with it, of which a checkpoint is kept
   */
  void stop(double kept) {
    drawn += Math.max(0, kept - ahead);
    stopped = true;
  }
}
