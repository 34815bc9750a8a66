package dev.polyptych.policy.routing;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How wide the spread of each adapter is, and its partitions in rank order. A width grows at once
 * and shrinks late, so that it holds still while the traffic does. Not safe for threads.
 */
final class Spreads {
  /** Adapters beyond this are known afresh; their widths follow from the traffic. */
  private static final int KEPT = 50_000;

  /** Enough for all but the busiest adapters. */
  private static final int SHORT = 16;

  private final RoutingRules rules;
  private final Traffic traffic;
  private final Map<String, Spread> spreads = new HashMap<>();

  /** What is known of an adapter; the ranking may be cut off. */
  private static final class Spread {
    private int width;
    private int partitions;
    private int[] ranking = {};
  }

  Spreads(RoutingRules rules) {
    this.rules = rules;
    this.traffic = new Traffic(rules.halfLife());
  }

  void sent(String adapter, double gpuSeconds, Instant now) {
    traffic.sent(adapter, gpuSeconds, now);
  }

  double share(String adapter, int workers) {
    return traffic.share(adapter, workers);
  }

  /**
   * Workers that the adapter may use, of so many there are.
   *
   * @param minimum of the width, as an operator wants it
   */
  int width(String adapter, int workers, int minimum) {
    Spread spread = spread(adapter);
    double busy = traffic.share(adapter, workers) * workers * rules.factor();
    int wanted = (int) Math.ceil(busy) + rules.extra();
    int enough = (int) Math.ceil(busy * (1 + rules.band())) + rules.extra();
    spread.width = Math.clamp(spread.width, wanted, Math.max(wanted, enough));
    return Math.clamp(Math.max(spread.width, minimum), 1, Math.max(1, workers));
  }

  /** The partition of a rank, 0 for the first choice. */
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
