package dev.polyptych.lab.simulator;

import java.util.HashMap;
import java.util.Map;

/**
 * What one process could do that saw everything at once: warm first, a streak that pays for its
 * swap, then the oldest once it is over the age limit. The same rules as the worker's schedule.
 */
final class CentralChoice implements SharedQueue.Choice {
  private static final double AGE_LIMIT_SECONDS = 60;
  private static final double SWAP_SHARE = 0.1;

  private final Cluster cluster;
  private final Map<Integer, Integer> left = new HashMap<>();

  CentralChoice(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public SimulatedJob of(SimulatedWorker worker, Pool pool) {
    SimulatedJob warm = pool.oldest(worker.holdings.warm());
    if (warm != null && left.getOrDefault(worker.number, 0) > 0) {
      return begin(worker, warm);
    }
    SimulatedJob oldest = pool.oldest();
    boolean old = oldest != null && cluster.now() - oldest.arrived > AGE_LIMIT_SECONDS;
    return begin(worker, warm == null || old ? oldest : warm);
  }

  private SimulatedJob begin(SimulatedWorker worker, SimulatedJob job) {
    if (job != null) {
      boolean goesOn = worker.isWarm(job.adapter);
      double swap = worker.swapSeconds(job.adapter);
      int quantum = (int) Math.ceil(swap / (SWAP_SHARE * cluster.renderSeconds()));
      left.merge(worker.number, -1, (before, one) -> (goesOn ? before : quantum) + one);
    }
    return job;
  }
}
