package dev.polyptych.policy.routing;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The width of each adapter's spread, and its partitions in rank order. A width grows at once and
 * shrinks late, so it is stable under steady traffic. Not thread-safe.
 */
final class Spreads {
  /** With more adapters than this all spreads are forgotten; the traffic gives new widths. */
  private static final int KEPT = 50_000;

  /** Length of a partial ranking; enough for all but the busiest adapters. */
  private static final int SHORT = 16;

  private final RoutingRules rules;
  private final AdapterTraffic traffic;
  private final Map<String, Spread> spreads = new HashMap<>();

  /** The state of one adapter. The ranking may be partial. */
  private static final class Spread {
    private int width;
    private int partitions;
    private int[] ranking = {};
  }

  Spreads(RoutingRules rules) {
    this.rules = rules;
    this.traffic = new AdapterTraffic(rules.halfLife());
  }

  void sent(String adapter, double gpuSeconds, Instant now) {
    traffic.sent(adapter, gpuSeconds, now);
  }

  double share(String adapter, int workers) {
    return traffic.share(adapter, workers);
  }

  /**
   * Number of workers that the adapter may use.
   *
   * @param workers number of live workers
   * @param minimum minimal width that an operator has configured
   */
  int width(String adapter, int workers, int minimum) {
    Spread spread = spread(adapter);
    double busy = traffic.share(adapter, workers) * workers * rules.factor();
    int wanted = (int) Math.ceil(busy) + rules.extra();
    int enough = (int) Math.ceil(busy * (1 + rules.band())) + rules.extra();
    spread.width = Math.clamp(spread.width, wanted, Math.max(wanted, enough));
    return Math.clamp(Math.max(spread.width, minimum), 1, Math.max(1, workers));
  }

  /** The partition of a rank; rank 0 is the first choice. */
  int ranked(String adapter, int rank, int partitions) {
    Spread spread = spread(adapter);
    if (spread.partitions != partitions) {
      spread.partitions = partitions;
      spread.ranking = PartitionRanking.best(adapter, partitions, Math.min(SHORT, partitions));
    }
    if (rank >= spread.ranking.length) {
      spread.ranking = PartitionRanking.best(adapter, partitions, partitions);
    }
    return spread.ranking[rank];
  }

  private Spread spread(String adapter) {
    if (spreads.size() > KEPT) {
      spreads.clear();
    }
    return spreads.computeIfAbsent(adapter, unknown -> new Spread());
  }
}
