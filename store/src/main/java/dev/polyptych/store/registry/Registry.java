package dev.polyptych.store.registry;

import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import dev.polyptych.store.registry.RegistryIndex.Content;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the registry. Any thread may use it, from a virtual thread: it blocks.
 *
 * <p>Redis holds an index of the manifests. If Redis was emptied, the next call makes the index
 * anew. If Redis went back to an earlier edition than this process has seen, too. A process that
 * has seen none can't know: call {@link #rebuild} once after the start and after each loss of
 * writes.
 */
public final class Registry {
  private static final int READERS = 16;
  private static final int MOST_TRIES = 50;

  private final ObjectStore objects;
  private final RegistryIndex index;
  private final ReentrantLock loading = new ReentrantLock();
  private volatile RegistryView cached = RegistryView.of("", Map.of());

  public Registry(ObjectStore objects, RedisConnection redis) {
    this.objects = objects;
    this.index = new RegistryIndex(redis);
  }

  /**
   * The registry now. It costs one GET of Redis, and more only after a change.
   *
   * @throws dev.polyptych.store.StoreUnavailableException when Redis does not answer
   * @throws ObjectsUnavailableException when the index must be made anew and the object store does
   *     not answer
   */
  public RegistryView view() {
    return current(index.edition()).orElseGet(this::reload);
  }

  private Optional<RegistryView> current(Optional<String> edition) {
    RegistryView view = cached;
    return edition.filter(view.edition()::equals).map(same -> view);
  }

  /** One thread reads the index; the others wait for it. */
  private RegistryView reload() {
    loading.lock();
    try {
      Optional<RegistryView> done = current(index.edition());
      if (done.isPresent()) {
        return done.get();
      }
      Content content = index.read();
      if (content.edition().isEmpty() || rewound(content)) {
        rebuild();
        content = index.read();
      }
      String edition =
          content
              .edition()
              .orElseThrow(
                  () ->
                      new ObjectsUnavailableException(
                          "Redis lost the registry's index while it was made; try again", null));
      cached = RegistryView.of(edition, content.manifests());
      return cached;
    } finally {
      loading.unlock();
    }
  }

  /** Whether Redis is at an edition before the one that this process has seen, or at another. */
  private boolean rewound(Content content) {
    String seen = cached.edition();
    String now = content.edition().orElse("");
    return !seen.isEmpty()
        && !now.equals(seen)
        && RegistryIndex.count(now) <= RegistryIndex.count(seen);
  }

  /**
   * Compares the index with the object store's manifests and corrects it. It reads only manifests
   * that the index lacks, so it is cheap when there is nothing to correct.
   *
   * @return whether there was something to correct
   * @throws dev.polyptych.store.StoreUnavailableException when Redis does not answer
   * @throws ObjectsUnavailableException when the object store does not answer
   */
  public boolean rebuild() {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Content before = index.read();
      Map<String, String> known = before.edition().isPresent() ? before.manifests() : Map.of();
      Set<String> stored = stored();
      Map<String, String> missing = read(stored, known.keySet());
      Set<String> gone = new TreeSet<>(known.keySet());
      gone.removeAll(stored);
      boolean whole = before.edition().isPresent() && missing.isEmpty() && gone.isEmpty();
      if (whole && !rewound(before)) {
        return false;
      }
      // Fails if somebody wrote meanwhile: what was listed may be old then.
      if (index.replace(before.edition(), RegistryIndex.count(cached.edition()), missing, gone)) {
        return true;
      }
    }
    throw new ObjectsUnavailableException(
        "the registry changes faster than its index can be made; try again", null);
  }

  private Set<String> stored() {
    Set<String> stored = new TreeSet<>();
    for (String prefix : List.of(RegistryKeys.MANIFESTS, RegistryKeys.ADAPTERS)) {
      objects.list(
          prefix,
          entry -> {
            if (RegistryKeys.indexed(entry.key())) {
              stored.add(entry.key());
            }
          });
    }
    return stored;
  }

  /** The stored manifests that are not known. One that was deleted meanwhile is left out. */
  private Map<String, String> read(Set<String> stored, Set<String> known) {
    List<String> keys = stored.stream().filter(key -> !known.contains(key)).toList();
    if (keys.isEmpty()) {
      return Map.of();
    }
    List<Callable<Optional<String>>> reads = new ArrayList<>();
    keys.forEach(key -> reads.add(() -> ObjectTexts.read(objects, key)));
    Map<String, String> read = new HashMap<>();
    try (ExecutorService readers =
        Executors.newFixedThreadPool(READERS, Thread.ofVirtual().factory())) {
      List<Future<Optional<String>>> texts = readers.invokeAll(reads);
      for (int i = 0; i < keys.size(); i++) {
        String key = keys.get(i);
        texts.get(i).get().ifPresent(json -> read.put(key, json));
      }
      return read;
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failed.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ObjectsUnavailableException("the registry's reader was stopped", stopped);
    }
  }

  /** Writes to the index, or makes it anew if there is none. */
  void publish(Map<String, String> set, Set<String> deleted) {
    if (!index.write(set, deleted)) {
      rebuild();
    }
  }
}
