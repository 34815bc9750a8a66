package dev.polyptych.lab.simulator;

import java.util.HashMap;
import java.util.Map;

/**
 * As LoRAX does: an adapter goes on for its time slice while it is wanted, then yields to the one
 * whose oldest job is the oldest.
 */
final class SliceChoice implements SharedQueue.Choice {
  /** LoRAX has 2 s, some forty steps of decoding; here a step is a job. */
  private static final double SLICE_SECONDS = 5 * Load.RENDER_SECONDS;

  private final Cluster cluster;
  private final Map<Integer, Double> warmSince = new HashMap<>();

  SliceChoice(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public SimulatedJob of(SimulatedWorker worker, Pool pool) {
    SimulatedJob warm = pool.oldest(worker.holdings.warm());
    double since = warmSince.getOrDefault(worker.number, Double.NEGATIVE_INFINITY);
    if (warm != null && cluster.now() - since < SLICE_SECONDS) {
      return warm;
    }
    SimulatedJob oldest = pool.oldest();
    if (oldest != null) {
      warmSince.put(worker.number, cluster.now() + worker.swapSeconds(oldest.adapter));
    }
    return oldest;
  }
}
