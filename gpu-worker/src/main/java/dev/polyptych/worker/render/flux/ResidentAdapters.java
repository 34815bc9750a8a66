package dev.polyptych.worker.render.flux;

import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.adapter.AdapterPlacement;
import dev.polyptych.engine.adapter.HostAdapters;
import dev.polyptych.weights.lora.HostAdapter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Adapters on the device, above those in host memory: branches, the one used longest ago first out,
 * and at most one that is merged. Owns their native memory; render thread only.
 */
final class ResidentAdapters implements AutoCloseable {
  private final HostAdapters host;
  private final AdapterPlacement placement;
  private final long capacityBytes;
  private final Set<String> pinned;

  /** In the order of their last use. */
  private final Map<String, Resident> residents = new LinkedHashMap<>(16, 0.75f, true);

  private Optional<Merged> merged = Optional.empty();

  private record Resident(Adapter branch, long mergedBytes) {}

  private record Merged(String id, double strength, Adapter adapter) {}

  /**
   * @param capacityBytes of all branches together; one alone may be larger
   * @param pinned ids that are never thrown out once they are here
   */
  ResidentAdapters(
      HostAdapters host, AdapterPlacement placement, long capacityBytes, Set<String> pinned) {
    this.host = host;
    this.placement = placement;
    this.capacityBytes = capacityBytes;
    this.pinned = Set.copyOf(pinned);
  }

  /**
   * The adapter as a branch, brought here if need be.
   *
   * @param inUse not thrown out, whatever its age
   */
  Adapter branch(String id, Optional<Adapter> inUse) {
    Resident known = residents.get(id);
    if (known != null) {
      return known.branch();
    }
    HostAdapter adapter = host.get(id);
    makeRoom(adapter.bytes(), inUse.map(Adapter::name));
    Resident resident = new Resident(placement.branch(adapter), placement.mergedBytes(adapter));
    residents.put(id, resident);
    return resident.branch();
  }

  /** Those on the device. */
  List<String> ids() {
    return List.copyOf(residents.keySet());
  }

  List<String> mergedIds() {
    return merged.map(Merged::id).stream().toList();
  }

  /** How many branches like those here there is room for; 0 while there are none. */
  int slots() {
    double mean =
        residents.values().stream().mapToLong(known -> known.branch().bytes()).average().orElse(0);
    return mean == 0 ? 0 : (int) Math.clamp(capacityBytes / mean, residents.size(), 10_000);
  }

  /** The merged adapter, if it is merged at this strength. */
  Optional<Adapter> merged(String id, double strength) {
    return merged
        .filter(known -> known.id().equals(id) && known.strength() == strength)
        .map(Merged::adapter);
  }

  /** What the merged layers of an adapter, whose branch is here, would take. */
  long mergedBytes(String id) {
    return residents.get(id).mergedBytes();
  }

  /**
   * Merges an adapter, whose branch is here, in the place of the one merged before; no run may be
   * drawing with that one any more.
   */
  Adapter merge(String id, double strength) {
    unmerge();
    Adapter adapter = placement.merged(host.get(id), residents.get(id).branch(), strength);
    merged = Optional.of(new Merged(id, strength, adapter));
    return adapter;
  }

  @Override
  public void close() {
    unmerge();
    residents.values().forEach(resident -> resident.branch().close());
    residents.clear();
    host.close();
  }

  private void unmerge() {
    merged.ifPresent(old -> old.adapter().close());
    merged = Optional.empty();
  }

  private void makeRoom(long bytes, Optional<String> inUse) {
    long held = residents.values().stream().mapToLong(known -> known.branch().bytes()).sum();
    Iterator<Map.Entry<String, Resident>> oldestFirst = residents.entrySet().iterator();
    while (held + bytes > capacityBytes && oldestFirst.hasNext()) {
      Map.Entry<String, Resident> oldest = oldestFirst.next();
      String id = oldest.getKey();
      // A merged adapter draws with its branch when a job asks for another strength.
      boolean needed = merged.filter(known -> known.id().equals(id)).isPresent();
      if (!needed && !pinned.contains(id) && inUse.filter(id::equals).isEmpty()) {
        oldestFirst.remove();
        held -= oldest.getValue().branch().bytes();
        oldest.getValue().branch().close();
      }
    }
  }
}
