package dev.polyptych.policy.routing;

import dev.polyptych.schema.fleet.Tier;
import java.util.List;
import java.util.Optional;

/**
 * Where an adapter's jobs may go now.
 *
 * @param share the adapter's share of the GPU-seconds that this router has seen lately, 0 to 1
 * @param width number of workers in the spread
 * @param spots partitions of the spread, first choice first
 */
public record Placement(String adapter, double share, int width, List<Spot> spots) {
  /**
   * A partition of the spread.
   *
   * @param owner id of its worker; empty if none is known
   * @param tier where the adapter is on that worker
   */
  public record Spot(int partition, Optional<String> owner, Tier tier) {}

  public Placement {
    spots = List.copyOf(spots);
  }
}
