package dev.polyptych.store.registry;

import dev.polyptych.store.objects.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Deletes bytes of adapters that no version names any more: those of removed versions, and those
 * whose writer stopped before it made a version. Any number of processes may sweep.
 */
public final class AdapterSweep {
  private final ObjectStore objects;
  private final Registry registry;
  private final SweepMarks marks;

  public AdapterSweep(ObjectStore objects, Registry registry, Clock clock) {
    this.objects = objects;
    this.registry = registry;
    this.marks = new SweepMarks(objects, clock);
  }

  /**
   * Deletes bytes whose last version was removed, and that were uploaded, before the grace. Blocks.
   *
   * @param grace longer than a job that pinned a version may wait
   * @return the digests of what was deleted
   * @throws dev.polyptych.store.objects.ObjectsUnavailableException when the object store does not
   *     answer
   * @throws dev.polyptych.store.StoreUnavailableException when Redis does not answer
   */
  public List<String> sweep(Instant now, Duration grace) {
    marks.clearStale();
    long end = System.nanoTime() + SweepMarks.DELETES_FOR.toNanos();
    List<String> marked = new ArrayList<>();
    try {
      unused(now.minus(grace)).stream().filter(marks::set).forEach(marked::add);
      if (marked.isEmpty()) {
        return List.of();
      }
      // Versions and uploads that came before the marks are seen now; later ones wait.
      List<String> deleted = new ArrayList<>();
      for (String sha256 : unused(now.minus(grace))) {
        if (marked.contains(sha256) && System.nanoTime() < end) {
          delete(sha256);
          deleted.add(sha256);
        }
      }
      return deleted;
    } finally {
      marked.forEach(marks::clear);
    }
  }

  /** What is known of the bytes goes first, so that nobody takes them for held. */
  private void delete(String sha256) {
    objects.delete(RegistryKeys.content(sha256));
    registry.publish(Map.of(), Set.of(RegistryKeys.content(sha256)));
    objects.delete(RegistryKeys.bytes(sha256));
  }

  private List<String> unused(Instant before) {
    Map<String, Instant> stored = new TreeMap<>();
    objects.list(
        RegistryKeys.ADAPTERS,
        entry ->
            RegistryKeys.digest(entry.key())
                .filter(sha256 -> !entry.key().equals(RegistryKeys.sweeping(sha256)))
                .ifPresent(sha256 -> stored.merge(sha256, entry.modified(), AdapterSweep::later)));
    registry.rebuild();
    RegistryView view = registry.view();
    return stored.entrySet().stream()
        .filter(bytes -> !view.live(bytes.getKey()))
        .filter(bytes -> last(view.removedAt(bytes.getKey()), bytes.getValue()).isBefore(before))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Instant last(Optional<Instant> removed, Instant stored) {
    return removed.map(time -> later(time, stored)).orElse(stored);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
