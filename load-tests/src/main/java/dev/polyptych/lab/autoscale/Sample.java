package dev.polyptych.lab.autoscale;

/**
 * A moment of a run.
 *
 * @param outstanding GPU-seconds of jobs that are not settled
 */
record Sample(double seconds, int replicas, int ready, double outstanding) {}
