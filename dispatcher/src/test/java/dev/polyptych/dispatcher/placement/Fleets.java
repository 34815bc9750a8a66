package dev.polyptych.dispatcher.placement;

import dev.polyptych.dispatcher.cluster.ClusterView;
import dev.polyptych.dispatcher.cluster.LanePositions;
import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Clusters as routing sees them. */
final class Fleets {
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final int PARTITIONS = 8;

  /** A swap from host memory takes half a second, one from the file three. */
  private static final SwapCosts COSTS = new SwapCosts(0.1, 0.5, 3, 3);

  private Fleets() {}

  static FleetWorker worker(
      String id, List<Integer> partitions, double outstandingSeconds, Map<String, Tier> tiers) {
    return new FleetWorker(
        id,
        partitions,
        outstandingSeconds,
        NOW,
        false,
        Residency.of(tiers),
        COSTS,
        Abilities.UNKNOWN);
  }

  static ClusterView view(FleetWorker... workers) {
    return new ClusterView(
        List.of(), LanePositions.UNKNOWN, new Fleet(PARTITIONS, List.of(workers)));
  }
}
