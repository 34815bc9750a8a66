package dev.polyptych.schema.fleet;

import java.util.Map;

/** Where adapters are on one worker: what is resident, not what happens to be active. */
@FunctionalInterface
public interface Residency {
  /** Of a worker that holds nothing. */
  Residency EMPTY = adapter -> Tier.ABSENT;

  Tier of(String adapter);

  /**
   * @param tiers nearest tier by adapter; all others are absent
   */
  static Residency of(Map<String, Tier> tiers) {
    Map<String, Tier> copy = Map.copyOf(tiers);
    return adapter -> copy.getOrDefault(adapter, Tier.ABSENT);
  }
}
