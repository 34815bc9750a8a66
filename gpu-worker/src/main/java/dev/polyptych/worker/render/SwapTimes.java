package dev.polyptych.worker.render;

import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Recent mean of what swaps took, by where the adapter lay. Written by the render thread, read by
 * any.
 */
final class SwapTimes {
  /** Weight of the newest swap: the means follow a change within some five swaps of a tier. */
  private static final double NEWEST = 0.3;

  private final Map<Tier, Double> seconds = new ConcurrentHashMap<>();

  /** Wherever the adapter lay. */
  private volatile double usual;

  void measured(Tier from, long nanos) {
    usual = usual == 0 ? nanos / 1e9 : usual + NEWEST * (nanos / 1e9 - usual);
    seconds.merge(from, nanos / 1e9, (before, measured) -> before + NEWEST * (measured - before));
  }

  /** 0 for a tier that nothing came from, unless a nearer one was measured. */
  SwapCosts costs() {
    return new SwapCosts(of(Tier.DEVICE), of(Tier.HOST), of(Tier.DISK), of(Tier.ABSENT));
  }

  /** Seconds of a swap, one with another; 0 before the first. */
  double usual() {
    return usual;
  }

  private double of(Tier tier) {
    return seconds.getOrDefault(tier, 0.0);
  }
}
