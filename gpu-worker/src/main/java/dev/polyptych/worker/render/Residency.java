package dev.polyptych.worker.render;

import dev.polyptych.schema.fleet.AdapterTiers;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where adapters lie.
 *
 * @param tiers of these on the device the warm one, too
 * @param warmSlots adapters that the device has room for; 0 when that is not known yet
 */
public record Residency(AdapterTiers tiers, int warmSlots) {
  static final Residency NONE = new Residency(AdapterTiers.NONE, 0);

  /** All that need not be read from a file, each once. */
  public List<String> all() {
    return Stream.concat(tiers.device().stream(), tiers.host().stream())
        .distinct()
        .sorted()
        .toList();
  }
}
