package dev.polyptych.schema.fleet;

import dev.polyptych.schema.catalog.AdapterSet;
import java.util.Map;

/** Where adapters are on one worker: what is resident, not what happens to be active. */
@FunctionalInterface
public interface Residency {
  /** Of a worker that holds nothing. */
  Residency EMPTY = of(Map.of());

  /**
   * The tier of an adapter, or of an {@link AdapterSet} by its key. A set is warm only as a whole.
   * Else it is where the farthest of its members is. The base alone is always on the device.
   */
  Tier of(String key);

  /**
   * @param tiers nearest tier by adapter, and by the key of a set that is warm; all others are
   *     absent
   */
  static Residency of(Map<String, Tier> tiers) {
    Map<String, Tier> copy = Map.copyOf(tiers);
    return key -> {
      Tier known = copy.get(key);
      return known != null ? known : farthest(key, copy);
    };
  }

  private static Tier farthest(String key, Map<String, Tier> tiers) {
    if (key.equals(AdapterSet.BASE_ALONE)) {
      return Tier.DEVICE;
    }
    Tier farthest = Tier.DEVICE;
    for (String id : AdapterSet.members(key)) {
      Tier tier = tiers.getOrDefault(id, Tier.ABSENT);
      farthest = tier.compareTo(farthest) > 0 ? tier : farthest;
    }
    return farthest;
  }
}
