package dev.polyptych.worker.metrics;

import static dev.polyptych.worker.metrics.Meters.NANOS;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether drawing warm adapters first pays, compared with the order of arrival. Called by the
 * render thread. The working set is computed at each scrape. Labels are tasks of the catalog.
 */
public final class AffinityMetrics {
  /** The working set are the adapters that were used in this time. */
  private static final Duration WINDOW = Duration.ofMinutes(10);

  private final Clock clock;
  private final Counter avoided;
  private final Counter added;
  private final Counter saved;
  private final Counter waits;
  private final Map<String, Instant> lastUse = new ConcurrentHashMap<>();
  private volatile int warmSlots;

  public AffinityMetrics(PrometheusRegistry registry, Clock clock) {
    this.clock = clock;
    Meters meters = new Meters(registry);
    avoided =
        meters.counter(
            "swaps_avoided_total",
            "Jobs without a swap that would have needed one in the order of arrival.",
            "task");
    added =
        meters.counter(
            "swaps_added_total",
            "Jobs with a swap that would not have needed one in the order of arrival.",
            "task");
    saved =
        meters.counter(
            "swap_seconds_saved_total",
            "Seconds of the avoided swaps, estimated from measured swaps.",
            "task");
    waits =
        meters.counter(
            "affinity_wait_seconds_total",
            "Seconds that jobs waited while younger jobs were drawn with the warm adapter.",
            "task");
    GaugeWithCallback.builder()
        .name(Meters.prefixed("working_set_ratio"))
        .help("Adapters used in the last 10 minutes over adapters that fit on the device.")
        .callback(value -> value.call(workingSet()))
        .register(registry);
  }

  /** Starts the series at 0, so that a rate sees the first event. */
  public AffinityMetrics expecting(List<String> tasks) {
    for (Counter counter : List.of(avoided, added, saved, waits)) {
      tasks.forEach(counter::initLabelValues);
    }
    return this;
  }

  /**
   * A job was drawn with a warm adapter.
   *
   * @param inOrder whether it would have needed a swap in the order of arrival
   * @param swapSeconds of a swap
   */
  public void foundWarm(String task, boolean inOrder, double swapSeconds) {
    if (inOrder) {
      avoided.labelValues(task).inc();
      saved.labelValues(task).inc(swapSeconds);
    }
  }

  /**
   * An adapter was made warm for a job.
   *
   * @param inOrder whether the job would have needed a swap in the order of arrival, too
   */
  public void swapped(String task, boolean inOrder) {
    if (!inOrder) {
      added.labelValues(task).inc();
    }
  }

  /**
   * @param tasks of the jobs that waited because their adapter was not warm, one for each
   */
  public void overtook(List<String> tasks, long nanos) {
    tasks.forEach(task -> waits.labelValues(task).inc(nanos * NANOS));
  }

  public void drewWith(String adapter, int slots) {
    warmSlots = slots;
    lastUse.put(adapter, clock.instant());
    Instant before = clock.instant().minus(WINDOW);
    lastUse.values().removeIf(before::isAfter);
  }

  private double workingSet() {
    Instant before = clock.instant().minus(WINDOW);
    long used = lastUse.values().stream().filter(before::isBefore).count();
    return (double) used / Math.max(1, warmSlots);
  }
}
