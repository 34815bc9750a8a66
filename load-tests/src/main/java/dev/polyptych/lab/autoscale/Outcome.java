package dev.polyptych.lab.autoscale;

import java.util.List;

/**
 * What a run came to, after the warm-up.
 *
 * @param jobs that came
 * @param samples over time
 */
record Outcome(Waits waits, Hours hours, Scaling scaling, int jobs, List<Sample> samples) {
  /**
   * Seconds from submission to the first step.
   *
   * @param first of the job that comes first after the night
   */
  record Waits(double p50, double p95, double longest, double first) {}

  /**
   * GPU-hours.
   *
   * @param paid from asking for a node to giving it back
   * @param idle of them in which nothing was drawn
   */
  record Hours(double paid, double idle) {}

  /**
   * What changing the fleet did.
   *
   * @param changes of the number of replicas
   * @param reversals changes of direction within 15 minutes
   * @param interrupted jobs that were stopped and went on elsewhere
   * @param twiceSeconds of GPU spent again on them
   * @param savedSeconds that would have been spent again without checkpoints
   */
  record Scaling(
      int changes, int reversals, int interrupted, double twiceSeconds, double savedSeconds) {}

  Outcome {
    samples = List.copyOf(samples);
  }
}
