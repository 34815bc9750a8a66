package dev.polyptych.lab.simulator;

/** One way to bring jobs and workers together. Called by the {@link Simulation} alone. */
interface Arm {
  /** A job was submitted; wakes a worker if one should look. */
  void arrived(SimulatedJob job);

  /** The job that an idle worker draws now; null for none. */
  SimulatedJob next(SimulatedWorker worker);

  /** A worker is done with a job, swap and all. */
  default void finished(SimulatedWorker worker, SimulatedJob job, double seconds) {}

  /** A worker is ready that was not there before. */
  default void joined(SimulatedWorker worker) {}

  /**
   * A worker has been gone for so long that it was noticed.
   *
   * @param running what it had in hand; null for nothing
   */
  void lost(SimulatedWorker worker, SimulatedJob running);

  /** Jobs that were handed over so far. */
  default int handovers() {
    return 0;
  }

  /** Makes an arm for a run. */
  interface Maker {
    Arm make(Cluster cluster);
  }
}
