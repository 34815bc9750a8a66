package dev.polyptych.schema.fleet;

import dev.polyptych.schema.catalog.AdapterSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where adapters are on a worker. One adapter may be in several places.
 *
 * @param merged into the base model, so steps cost nothing extra; several together by the key of
 *     their {@link AdapterSet}
 * @param device in the memory of the device
 * @param host in the memory of the process
 * @param disk files that it can read; a long list is cut
 */
public record AdapterTiers(
    List<String> merged, List<String> device, List<String> host, List<String> disk) {
  /** Of a worker that holds nothing. */
  public static final AdapterTiers NONE =
      new AdapterTiers(List.of(), List.of(), List.of(), List.of());

  public AdapterTiers {
    merged = List.copyOf(merged);
    device = List.copyOf(device);
    host = List.copyOf(host);
    disk = List.copyOf(disk);
  }

  /**
   * The nearest place of each.
   *
   * @param drawnWith key of the {@link AdapterSet} of the model now
   */
  public Residency residency(Optional<String> drawnWith) {
    Map<String, Tier> nearest = new HashMap<>();
    disk.forEach(adapter -> nearest.put(adapter, Tier.DISK));
    host.forEach(adapter -> nearest.put(adapter, Tier.HOST));
    device.forEach(adapter -> nearest.put(adapter, Tier.DEVICE));
    merged.forEach(adapter -> nearest.put(adapter, Tier.WARM));
    drawnWith.ifPresent(adapter -> nearest.put(adapter, Tier.WARM));
    return Residency.of(nearest);
  }
}
