package dev.polyptych.policy.routing;

import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import java.time.Instant;
import java.util.List;

/**
 * A live worker as routing sees it.
 *
 * @param id the worker's id
 * @param partitions partitions that it owns, the same numbers in both lanes
 * @param outstandingSeconds GPU-seconds of all jobs in its partitions: the running job, its local
 *     queue, known jobs that it has not consumed yet, and one swap for each adapter that is not
 *     warm
 * @param at time of that measurement, by the router's clock
 * @param loading whether it has started but not loaded its model yet
 * @param residency where each adapter is on this worker
 * @param costs what a swap costs from each tier
 * @param can what it can draw
 */
public record FleetWorker(
    String id,
    List<Integer> partitions,
    double outstandingSeconds,
    Instant at,
    boolean loading,
    Residency residency,
    SwapCosts costs,
    Abilities can) {
  public FleetWorker {
    partitions = List.copyOf(partitions);
  }

  /** Whether it draws jobs of partitions of its own now. */
  public boolean takes() {
    return !loading && !partitions.isEmpty();
  }

  /** GPU-seconds that the worker needs to make an adapter warm. */
  public double swapSeconds(String adapter) {
    return costs.from(residency.of(adapter));
  }
}
