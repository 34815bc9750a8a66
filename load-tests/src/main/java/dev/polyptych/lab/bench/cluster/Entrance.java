package dev.polyptych.lab.bench.cluster;

/** Where an arm's jobs go in. */
interface Entrance {
  /**
   * Sends a job on its way, and does not wait for it.
   *
   * @param seed of the job
   */
  void submit(int task, long seed);

  /** A worker has drawn a job. Called on the thread that hears the worker. */
  default void drawn(String worker) {}

  /**
   * @throws IllegalStateException when a job could not be sent on its way
   */
  void check();
}
