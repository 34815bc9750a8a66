package dev.polyptych.policy.schedule;

import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import java.util.EnumMap;
import java.util.Map;

/** Recent mean of a swap, by the tier the adapter came from. One thread measures; any reads. */
final class SwapTimes {
  /** The means follow a change within about five swaps of a tier. */
  private static final double NEWEST = 0.3;

  private final Map<Tier, RecentMean> seconds = new EnumMap<>(Tier.class);
  private final RecentMean usual = new RecentMean(NEWEST);

  SwapTimes() {
    for (Tier tier : Tier.values()) {
      seconds.put(tier, new RecentMean(NEWEST));
    }
  }

  void measured(Tier from, double measured) {
    usual.add(measured);
    seconds.get(from).add(measured);
  }

  /** A tier without samples costs what the next faster tier costs; 0 without any. */
  SwapCosts costs() {
    return new SwapCosts(of(Tier.DEVICE), of(Tier.HOST), of(Tier.DISK), of(Tier.ABSENT));
  }

  /** Mean over all tiers; 0 before the first swap. */
  double usual() {
    return usual.value();
  }

  private double of(Tier tier) {
    return seconds.get(tier).value();
  }
}
