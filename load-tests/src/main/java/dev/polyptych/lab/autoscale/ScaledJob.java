package dev.polyptych.lab.autoscale;

/** One job; owned by the simulation's thread. */
final class ScaledJob {
  final double arrived;

  /** GPU-seconds, and the dispatcher's estimate of them. */
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
   * @return seconds until it is done
   */
  double begin(double now, Render render) {
    if (Double.isNaN(begun)) {
      begun = now;
    }
    ahead = stopped ? render.resuming() : 0;
    return ahead + seconds - drawn;
  }

  /**
   * The worker gave it back.
   *
   * @param kept seconds since its worker began it that a checkpoint covers
   */
  void stop(double kept) {
    drawn += Math.max(0, kept - ahead);
    stopped = true;
  }

  /**
   * Durations of a worker in seconds.
   *
   * @param step one step of a sheet; a worker stops after its current step
   * @param checkpoint until the latents are stored and the job is handed back
   * @param handedBack until another worker has the job
   * @param resuming a job from a checkpoint: the prompts are encoded again
   * @param betweenCheckpoints while it draws
   */
  record Render(
      double step,
      double checkpoint,
      double handedBack,
      double resuming,
      double betweenCheckpoints) {
    static final Render H100 = new Render(0.5, 1, 5, 0.5, 5);

    /** Mean seconds of a job. */
    static final double JOB_SECONDS = 10;
  }
}
