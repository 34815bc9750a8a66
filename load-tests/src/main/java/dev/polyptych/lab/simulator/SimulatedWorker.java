package dev.polyptych.lab.simulator;

import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;

/** A worker's GPU: what it holds, and the job it draws. */
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

  /** When it came. */
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

  /** Tells this run from one that a loss cut off. */
  int run() {
    return runs;
  }

  double swapSeconds(int adapter) {
    return costs.from(holdings.tier(adapter));
  }

  boolean isWarm(int adapter) {
    return holdings.tier(adapter) == Tier.WARM;
  }

  /** Seconds that the job in hand still takes. */
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

  /** Gone, and with it what was in its hands, which is given back. */
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
