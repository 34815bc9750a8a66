package dev.polyptych.policy.routing;

import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** RoutingFleets to route on: as many partitions a worker for each, side by side. */
final class RoutingFleets {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final SwapCosts COSTS = new SwapCosts(0.1, 1, 2, 4);

  private RoutingFleets() {}

  static Instant at(double seconds) {
    return START.plus(Duration.ofNanos((long) (seconds * 1e9)));
  }

  /** Idle workers that hold nothing. */
  static Fleet idle(int workers, int partitionsEach) {
    return of(
        workers * partitionsEach,
        IntStream.range(0, workers)
            .mapToObj(worker -> worker(worker, partitionsEach, 0, Residency.EMPTY))
            .toList());
  }

  static Fleet of(int partitions, List<FleetWorker> workers) {
    return new Fleet(partitions, workers);
  }

  static FleetWorker worker(int number, int partitionsEach, double behind, Residency residency) {
    List<Integer> partitions =
        IntStream.range(number * partitionsEach, (number + 1) * partitionsEach).boxed().toList();
    return new FleetWorker(
        "w" + number, partitions, behind, START, false, residency, COSTS, Abilities.UNKNOWN);
  }

  static Residency warm(String adapter) {
    return Residency.of(Map.of(adapter, Tier.WARM));
  }
}
