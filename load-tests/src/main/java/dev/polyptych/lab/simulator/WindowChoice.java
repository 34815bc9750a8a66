package dev.polyptych.lab.simulator;

import dev.polyptych.schema.fleet.Tier;
import java.util.Iterator;

/**
 * As InvokeAI does: the oldest job is the candidate, and one that came at most 32 later goes before
 * it if its adapter is on the device. The candidate's number never moves, so it can't starve.
 */
record WindowChoice() implements SharedQueue.Choice {
  private static final int WINDOW = 32;

  @Override
  public SimulatedJob of(SimulatedWorker worker, Pool pool) {
    SimulatedJob candidate = pool.oldest();
    if (candidate == null) {
      return null;
    }
    SimulatedJob best = candidate;
    Iterator<SimulatedJob> jobs = pool.all();
    while (jobs.hasNext()) {
      SimulatedJob job = jobs.next();
      if (job.number > candidate.number + WINDOW) {
        return best;
      }
      if (!job.begun() && tier(worker, job).compareTo(tier(worker, best)) < 0) {
        best = job;
      }
    }
    return best;
  }

  /** Beyond the device nothing is cached that counts. */
  private static Tier tier(SimulatedWorker worker, SimulatedJob job) {
    Tier tier = worker.holdings.tier(job.adapter);
    return tier.compareTo(Tier.DEVICE) <= 0 ? tier : Tier.ABSENT;
  }
}
