package dev.polyptych.lab.autoscale;

/** What an arm scales on. */
interface Signal {
  /** Whether there is any work. */
  boolean active();

  /** Replicas by the metrics alone; as many as there are when they can't tell. */
  int wanted(int current);
}
