package dev.polyptych.worker.render;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The adapters that this worker can't read: those without a file, and those whose file could not be
 * read lately. Other workers get their jobs meanwhile. Safe for all threads.
 */
public final class AdapterFaults {
  /** After this time an adapter that could not be read is tried again. */
  private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

  private final List<String> catalog;
  private final Clock clock;

  @GuardedBy("this")
  private final Map<String, Fault> unread = new HashMap<>();

  @GuardedBy("this")
  private Set<String> absent = Set.of();

  private record Fault(JobError error, Instant at) {}

  /**
   * @param catalog adapters of all tasks
   */
  public AdapterFaults(Collection<String> catalog, Clock clock) {
    this.catalog = catalog.stream().distinct().sorted().toList();
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
    unread.put(adapter, new Fault(error, clock.instant()));
  }

  synchronized void read(String adapter) {
    unread.remove(adapter);
  }

  /** Why an adapter can't be read now; empty if it can, or may be tried again. */
  public synchronized Optional<JobError> of(String adapter) {
    if (absent.contains(adapter)) {
      return Optional.of(
          new JobError(
              ErrorCode.ADAPTER_UNAVAILABLE, "this worker has no file of adapter " + adapter));
    }
    return Optional.ofNullable(unread.get(adapter))
        .filter(fault -> clock.instant().isBefore(fault.at().plus(TRY_AGAIN)))
        .map(Fault::error);
  }

  /** Adapters of the catalog that can't be read now. */
  public List<String> ids() {
    List<String> ids = new ArrayList<>();
    for (String adapter : catalog) {
      if (of(adapter).isPresent()) {
        ids.add(adapter);
      }
    }
    return ids;
  }
}
