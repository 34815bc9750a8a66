package dev.polyptych.worker.render;

import dev.polyptych.schema.catalog.AdapterSet;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.store.PeriodicTask;
import dev.polyptych.worker.adapter.AdapterFetcher;
import dev.polyptych.worker.adapter.AdapterStore;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.LocalQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which adapters the jobs here need, and which of them this worker can draw with now. Has the
 * missing ones fetched. Safe for all threads.
 */
public final class AdapterNeeds implements PeriodicTask.Round {
  /** A job that came while another is drawn is seen within this time. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Adapters to fetch or keep at once. They stay on the disk, whatever the folder may hold. */
  private static final int MOST = 16;

  private final LocalQueue queue;
  private final RenderState state;
  private final AdapterFaults faults;
  private final AdapterStore store;
  private final AdapterFetcher fetcher;

  public AdapterNeeds(
      LocalQueue queue,
      RenderState state,
      AdapterFaults faults,
      AdapterStore store,
      AdapterFetcher fetcher) {
    this.queue = queue;
    this.state = state;
    this.faults = faults;
    this.store = store;
    this.fetcher = fetcher;
  }

  /** Has fetched what is missing, and puts the jobs aside whose adapters can't be fetched. */
  @Override
  public Duration run() {
    fetch();
    queue.strand(faults::of);
    return LOOK;
  }

  /** Has the adapters of the waiting jobs fetched, those of the first jobs first. */
  void fetch() {
    List<Delivery> jobs = new ArrayList<>(queue.waiting());
    queue.strays().waiting().forEach(stray -> jobs.add(stray.delivery()));
    Residency residency = state.residency();
    Set<String> digests = new LinkedHashSet<>();
    for (Delivery job : jobs) {
      if (digests.size() < MOST) {
        AdapterSet.members(job.adapter()).stream()
            .filter(id -> AdapterStore.isDigest(id) && !inMemory(id, residency))
            .forEach(digests::add);
      }
    }
    fetcher.want(digests);
  }

  /** Of these jobs the ones that can be drawn now. */
  List<Delivery> met(List<Delivery> jobs) {
    Residency residency = state.residency();
    return jobs.stream()
        .filter(
            job ->
                state.canRead(job.adapter())
                    && AdapterSet.members(job.adapter()).stream()
                        .allMatch(id -> here(id, residency)))
        .toList();
  }

  private boolean here(String id, Residency residency) {
    return !AdapterStore.isDigest(id) || store.has(id) || inMemory(id, residency);
  }

  private static boolean inMemory(String id, Residency residency) {
    return residency.of(id).compareTo(Tier.HOST) <= 0;
  }
}
