package dev.polyptych.lab.autoscale;

/**
 * What a worker takes for its steps and for being stopped, in seconds.
 *
 * @param step of a sheet; a worker stops after the one it draws
 * @param checkpoint until the latents are kept and the job is handed back
 * @param handedBack until another worker has the job that one gave back
 * @param resuming a job from a checkpoint: the prompts are encoded again
 * @param betweenCheckpoints while it draws
 */
record Render(
    double step, double checkpoint, double handedBack, double resuming, double betweenCheckpoints) {
  static final Render H100 = new Render(0.5, 1, 5, 0.5, 5);

  /** Mean of a job. */
  static final double JOB_SECONDS = 10;
}
