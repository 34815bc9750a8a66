package dev.polyptych.policy.routing;

import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import java.time.Instant;
import java.util.List;

/**
 * A live worker as routing sees it.
 *
 * @param partitions owned, of both lanes alike
 * @param outstandingSeconds GPU-seconds of all jobs in its partitions, the running one included and
 *     those that it has not taken yet as far as they are known; with the swaps they need, one for
 *     each adapter that is not warm
 * @param at when that was so, by the clock of whoever routes
 * @param loading started, and its model is not loaded yet
 */
public record FleetWorker(
    String id,
    List<Integer> partitions,
    double outstandingSeconds,
    Instant at,
    boolean loading,
    Residency residency,
    SwapCosts costs) {
  public FleetWorker {
    partitions = List.copyOf(partitions);
  }

  /** GPU-seconds until the worker could draw with an adapter. */
  public double swapSeconds(String adapter) {
    return costs.from(residency.of(adapter));
  }
}
