package dev.polyptych.worker.render;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.polyptych.schema.catalog.AdapterSet;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.worker.adapter.AdapterFetcher;
import dev.polyptych.worker.adapter.AdapterStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The adapters that this worker can't read: those without a file, those that can't be fetched, and
 * those whose file could not be read lately. Other workers get their jobs meanwhile. Safe for all
 * threads.
 */
public final class AdapterFaults {
  /** After this time an adapter that could not be read is tried again. */
  private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

  private final List<String> catalog;
  private final AdapterFetcher fetcher;
  private final Clock clock;

  /** By the key of the set that was read. */
  @GuardedBy("this")
  private final Map<String, Fault> unread = new HashMap<>();

  @GuardedBy("this")
  private Set<String> absent = Set.of();

  private record Fault(JobError error, Instant at) {
    boolean over(Instant now) {
      return !now.isBefore(at.plus(TRY_AGAIN));
    }
  }

  /**
   * @param catalog keys of the adapters of all tasks
   */
  public AdapterFaults(Collection<String> catalog, AdapterFetcher fetcher, Clock clock) {
    this.catalog =
        catalog.stream()
            .flatMap(key -> AdapterSet.members(key).stream())
            .filter(id -> !AdapterStore.isDigest(id) && !id.equals(AdapterSet.BASE_ALONE))
            .distinct()
            .sorted()
            .toList();
    this.fetcher = fetcher;
    this.clock = clock;
  }

  /**
   * @param readable all adapters that the engine holds or has a file of; empty if it can't tell
   */
  synchronized void look(Optional<Set<String>> readable) {
    Set<String> without = new HashSet<>();
    readable.ifPresent(
        known ->
            catalog.stream().filter(adapter -> !known.contains(adapter)).forEach(without::add));
    absent = Set.copyOf(without);
  }

  synchronized void failed(String adapter, JobError error) {
    Instant now = clock.instant();
    unread.values().removeIf(fault -> fault.over(now));
    unread.put(adapter, new Fault(error, now));
  }

  synchronized void read(String adapter) {
    unread.remove(adapter);
  }

  /** Why the adapters of a key can't be read now; empty if they can, or may be tried again. */
  public synchronized Optional<JobError> of(String key) {
    for (String adapter : AdapterSet.members(key)) {
      if (absent.contains(adapter)) {
        return Optional.of(
            new JobError(
                ErrorCode.ADAPTER_UNAVAILABLE, "this worker has no file of adapter " + adapter));
      }
      Optional<JobError> unfetched = fetcher.problem(adapter);
      if (unfetched.isPresent()) {
        return unfetched;
      }
    }
    return Optional.ofNullable(unread.get(key))
        .filter(fault -> !fault.over(clock.instant()))
        .map(Fault::error);
  }

  /** Adapters that can't be read now, and keys of sets of which one can't. */
  public synchronized List<String> ids() {
    Set<String> ids = new TreeSet<>(fetcher.problems());
    Stream.concat(catalog.stream(), unread.keySet().stream())
        .filter(adapter -> of(adapter).isPresent())
        .forEach(ids::add);
    return List.copyOf(ids);
  }
}
