package dev.polyptych.lab.autoscale;

/**
 * A metric that a fleet is scaled on.
 *
 * @param threshold of the metric for each replica
 * @param activation above it there is work
 */
record Trigger(Source source, double threshold, double activation) {
  /** Where KEDA reads it. */
  enum Source {
    /** The recorded series of GPU-seconds. */
    GPU_SECONDS,
    /** Records of a lane that are not committed. */
    INTERACTIVE_LAG,
    BATCH_LAG
  }
}
