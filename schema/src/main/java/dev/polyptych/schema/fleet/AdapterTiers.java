package dev.polyptych.schema.fleet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where adapters lie on a worker; one may lie in several places.
 *
 * @param merged drawn with at no cost a step
 * @param device in the memory of the device
 * @param host in the memory of the process
 * @param disk files that it can read; of very many not all are named
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
   * @param drawnWith the adapter of the model now
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
