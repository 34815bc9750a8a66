package dev.polyptych.lab.simulator;

import java.util.List;

/**
 * What an arm sees of the run.
 *
 * @param workers all there ever are; those that are to come are not alive
 * @param adapters how many there are
 * @param wake lets a worker look for a job if it is idle
 */
record Cluster(
    Clock clock, List<SimulatedWorker> workers, int adapters, double renderSeconds, Wake wake) {
  interface Wake {
    void up(SimulatedWorker worker);
  }

  double now() {
    return clock.now();
  }
}
