package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.SimulatedLoad.Memory;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;

/** A worker's GPU: its adapters and its current job. */
final class SimulatedWorker {
  final int number;
  final Holdings holdings;
  final SwapCosts costs;
  private boolean alive = true;
  private SimulatedJob job;
  private double doneAt;
  private int runs;
  private double since;

  SimulatedWorker(int number, Memory memory, SwapCosts costs) {
    this.number = number;
    this.holdings = new Holdings(memory);
    this.costs = costs;
  }

  boolean alive() {
    return alive;
  }

  /** The time at which it joined. */
  double since() {
    return since;
  }

  void since(double time) {
    since = time;
  }

  boolean idle() {
    return alive && job == null;
  }

  /** Null while idle. */
  SimulatedJob job() {
    return job;
  }

  /** The number of its runs. It identifies a run that was cut off by a loss. */
  int run() {
    return runs;
  }

  double swapSeconds(int adapter) {
    return costs.from(holdings.tier(adapter));
  }

  boolean isWarm(int adapter) {
    return holdings.tier(adapter) == Tier.WARM;
  }

  /** Remaining seconds of the current job. */
  double runningSeconds(double now) {
    return job == null ? 0 : Math.max(0, doneAt - now);
  }

  void begin(SimulatedJob next, double until) {
    job = next;
    doneAt = until;
    runs++;
    next.begun(true);
    holdings.use(next.adapter);
  }

  void finish() {
    job = null;
  }

  /** Marks the worker as lost and returns its current job. */
  SimulatedJob lose() {
    SimulatedJob lost = job;
    alive = false;
    job = null;
    runs++;
    if (lost != null) {
      lost.begun(false);
    }
    return lost;
  }
}
