package dev.polyptych.engine.adapter;

import dev.polyptych.weights.lora.HostAdapter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Adapters on the device: branches, least recently used out first, and at most one merged adapter.
 * Takes them from host memory. Owns their native memory; render thread only.
 */
public final class DeviceAdapters implements AutoCloseable {
  private final HostAdapters host;
  private final AdapterPlacement placement;
  private final long capacityBytes;
  private final Set<String> pinned;

  /** Least recently used first. */
  private final Map<String, Branch> branches = new LinkedHashMap<>(16, 0.75f, true);

  private Optional<Merged> merged = Optional.empty();

  /**
   * @param digest of the file that it was read from
   */
  private record Branch(Adapter adapter, long mergedBytes, String digest) {}

  private record Merged(String id, double strength, Adapter adapter) {}

  /**
   * @param capacityBytes of all branches together; one alone may be larger
   * @param pinned ids that stay once they are here
   */
  public DeviceAdapters(
      HostAdapters host, AdapterPlacement placement, long capacityBytes, Set<String> pinned) {
    this.host = host;
    this.placement = placement;
    this.capacityBytes = capacityBytes;
    this.pinned = Set.copyOf(pinned);
  }

  /**
   * Brings an adapter here as a branch, unless it is here and its file is the same. No run may
   * still draw with an older one.
   *
   * @param inUse stays here, whatever its age
   */
  void bring(String id, Optional<String> inUse) {
    if (current(id)) {
      return;
    }
    HostAdapter adapter = host.get(id);
    Branch old = branches.get(id);
    if (old != null && old.digest().equals(adapter.digest())) {
      return;
    }
    merged.filter(known -> known.id().equals(id)).ifPresent(replaced -> unmerge());
    makeRoom(adapter.bytes(), inUse);
    Branch replaced =
        branches.put(
            id,
            new Branch(
                placement.branch(adapter), placement.mergedBytes(adapter), adapter.digest()));
    if (replaced != null) {
      replaced.adapter().close();
    }
  }

  /** Whether the adapter is here as its file is now. */
  boolean current(String id) {
    Branch known = branches.get(id);
    return known != null && host.current(id, known.digest());
  }

  /** The branch of an adapter that is here. */
  Adapter branch(String id) {
    return branches.get(id).adapter();
  }

  List<String> ids() {
    return List.copyOf(branches.keySet());
  }

  List<String> mergedIds() {
    return merged.map(Merged::id).stream().toList();
  }

  /** How many branches of the mean size there is room for; 0 while there are none. */
  int slots() {
    double mean =
        branches.values().stream().mapToLong(known -> known.adapter().bytes()).average().orElse(0);
    return mean == 0 ? 0 : (int) Math.clamp(capacityBytes / mean, branches.size(), 10_000);
  }

  /** The merged adapter, if it is merged at this strength. */
  Optional<Adapter> merged(String id, double strength) {
    return merged
        .filter(known -> known.id().equals(id) && known.strength() == strength)
        .map(Merged::adapter);
  }

  /** Bytes of the merged layers of an adapter whose branch is here. */
  long mergedBytes(String id) {
    return branches.get(id).mergedBytes();
  }

  /**
   * Merges an adapter whose branch is here. It replaces the merged adapter; no run may still draw
   * with that one.
   */
  Adapter merge(String id, double strength) {
    unmerge();
    Adapter adapter = placement.merged(host.get(id), branches.get(id).adapter(), strength);
    merged = Optional.of(new Merged(id, strength, adapter));
    return adapter;
  }

  @Override
  public void close() {
    unmerge();
    branches.values().forEach(branch -> branch.adapter().close());
    branches.clear();
  }

  private void unmerge() {
    merged.ifPresent(old -> old.adapter().close());
    merged = Optional.empty();
  }

  private void makeRoom(long bytes, Optional<String> inUse) {
    long held = branches.values().stream().mapToLong(known -> known.adapter().bytes()).sum();
    Iterator<Map.Entry<String, Branch>> oldestFirst = branches.entrySet().iterator();
    while (held + bytes > capacityBytes && oldestFirst.hasNext()) {
      Map.Entry<String, Branch> oldest = oldestFirst.next();
      String id = oldest.getKey();
      // A merged adapter draws with its branch when a job asks for another strength.
      boolean needed = merged.filter(known -> known.id().equals(id)).isPresent();
      if (!needed && !pinned.contains(id) && inUse.filter(id::equals).isEmpty()) {
        oldestFirst.remove();
        held -= oldest.getValue().adapter().bytes();
        oldest.getValue().adapter().close();
      }
    }
  }
}
