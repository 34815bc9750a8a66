package dev.polyptych.engine.adapter;

import dev.polyptych.schema.catalog.AdapterSet;
import dev.polyptych.weights.lora.HostAdapter;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Adapters on the device: branches, least recently used out first; at most one set of them joined
 * and at most one merged. Takes them from host memory. Owns their native memory; render thread
 * only.
 */
public final class DeviceAdapters implements AutoCloseable {
  private final HostAdapters host;
  private final AdapterPlacement placement;
  private final long capacityBytes;
  private final Set<String> pinned;

  /** By id, least recently used first. */
  private final Map<String, Adapter> branches = new LinkedHashMap<>(16, 0.75f, true);

  private Optional<Form> joined = Optional.empty();
  private Optional<Form> merged = Optional.empty();

  /**
   * A set at its scales, as runs draw with it.
   *
   * @param bytes of tensors that count against the capacity besides the branches
   */
  private record Form(AdapterSet set, List<Double> scales, AppliedAdapters applied, long bytes) {
    boolean is(AdapterSet wanted, List<Double> at) {
      return set.equals(wanted) && scales.equals(at);
    }
  }

  /**
   * @param capacityBytes of all branches and joined ones together; one set alone may be larger
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
   * Brings the members of a set here as branches, unless they are here and their files are the
   * same. No run may still draw with an older one. Nothing changes here if a file can't be read.
   *
   * @param inUse its members stay here, whatever their age
   */
  void bring(AdapterSet set, Optional<AdapterSet> inUse) {
    Map<String, HostAdapter> read = new LinkedHashMap<>();
    for (String id : set.ids()) {
      if (!current(id)) {
        read.put(id, host.get(id));
      }
    }
    joined.filter(form -> !form.set().equals(set)).ifPresent(other -> forgetJoined());
    Set<String> needed = new HashSet<>(set.ids());
    inUse.ifPresent(warm -> needed.addAll(warm.ids()));
    read.forEach((id, adapter) -> place(id, adapter, needed));
  }

  private void place(String id, HostAdapter adapter, Set<String> needed) {
    Adapter old = branches.get(id);
    if (old != null && old.digest().equals(adapter.digest())) {
      return;
    }
    joined.filter(form -> form.set().ids().contains(id)).ifPresent(stale -> forgetJoined());
    merged.filter(form -> form.set().ids().contains(id)).ifPresent(stale -> forgetMerged());
    makeRoom(adapter.bytes(), needed);
    branches.put(id, placement.branch(adapter));
    if (old != null) {
      old.close();
    }
  }

  /** Whether all members are here as their files are now. */
  boolean current(AdapterSet set) {
    return set.ids().stream().allMatch(this::current);
  }

  private boolean current(String id) {
    Adapter known = branches.get(id);
    return known != null && host.current(id, known.digest());
  }

  List<String> ids() {
    return List.copyOf(branches.keySet());
  }

  /** Key of the merged set. */
  List<String> mergedKeys() {
    return merged.map(form -> form.set().key()).stream().toList();
  }

  /** How many branches of the mean size there is room for; 0 while there are none. */
  int slots() {
    double mean = branches.values().stream().mapToLong(Adapter::bytes).average().orElse(0);
    return mean == 0 ? 0 : (int) Math.clamp(capacityBytes / mean, branches.size(), 10_000);
  }

  /**
   * The branches of a set whose members are here. They replace the joined ones; no run may still
   * draw with those.
   */
  AppliedAdapters joined(AdapterSet set, List<Double> scales) {
    Optional<Form> known = joined.filter(form -> form.is(set, scales));
    if (known.isPresent()) {
      return known.get().applied();
    }
    forgetJoined();
    List<Adapter> members = members(set);
    long bytes = members.size() > 1 ? members.stream().mapToLong(Adapter::bytes).sum() : 0;
    makeRoom(bytes, set.ids());
    AppliedAdapters applied = placement.joined(members, scales);
    joined = Optional.of(new Form(set, scales, applied, bytes));
    return applied;
  }

  /** The merged set, if it is this one at these scales. */
  Optional<AppliedAdapters> merged(AdapterSet set, List<Double> scales) {
    return merged.filter(form -> form.is(set, scales)).map(Form::applied);
  }

  /** Bytes of the merged layers of a set whose members are here. */
  long mergedBytes(AdapterSet set) {
    return placement.mergedBytes(members(set));
  }

  /**
   * Merges a set whose members are here. It replaces the merged one; no run may still draw with
   * that, nor with joined branches.
   */
  AppliedAdapters merge(AdapterSet set, List<Double> scales) {
    forgetMerged();
    forgetJoined();
    List<HostAdapter> adapters = set.ids().stream().map(host::get).toList();
    AppliedAdapters applied = placement.merged(adapters, scales);
    merged = Optional.of(new Form(set, scales, applied, 0));
    return applied;
  }

  @Override
  public void close() {
    forgetMerged();
    forgetJoined();
    branches.values().forEach(Adapter::close);
    branches.clear();
  }

  private List<Adapter> members(AdapterSet set) {
    return set.ids().stream().map(branches::get).toList();
  }

  private void forgetJoined() {
    joined.ifPresent(old -> old.applied().close());
    joined = Optional.empty();
  }

  private void forgetMerged() {
    merged.ifPresent(old -> old.applied().close());
    merged = Optional.empty();
  }

  private void makeRoom(long bytes, Collection<String> needed) {
    Set<String> staying = new HashSet<>(pinned);
    staying.addAll(needed);
    // A merged set draws with its branches when a job asks for other scales.
    merged.ifPresent(form -> staying.addAll(form.set().ids()));
    long held = branches.values().stream().mapToLong(Adapter::bytes).sum();
    held += joined.map(Form::bytes).orElse(0L);
    Iterator<Map.Entry<String, Adapter>> oldestFirst = branches.entrySet().iterator();
    while (held + bytes > capacityBytes && oldestFirst.hasNext()) {
      Map.Entry<String, Adapter> oldest = oldestFirst.next();
      if (!staying.contains(oldest.getKey())) {
        oldestFirst.remove();
        held -= oldest.getValue().bytes();
        oldest.getValue().close();
      }
    }
  }
}
