package dev.polyptych.dispatcher.metrics;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.LaneHead;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The age of the oldest jobs on the lanes, whether or not a worker has taken them. Computed at each
 * scrape. All dispatchers export the same values: aggregate with max.
 */
public final class QueueAgeMetrics {
  /** Label for unreadable records and for tasks outside the catalog; it keeps labels bounded. */
  private static final String OTHER = "other";

  private final String base;
  private final List<String> tasks;
  private final Clock clock;

  private record LaneTask(String base, Lane lane, String task) {}

  /**
   * @param catalog whose tasks have a label value each
   */
  public QueueAgeMetrics(Catalog catalog, Clock clock) {
    this.base = catalog.model();
    this.tasks = catalog.taskIds();
    this.clock = clock;
  }

  /**
   * @param heads one for each partition that has jobs; empty while the lanes are unknown; must not
   *     block
   */
  public void watch(PrometheusRegistry registry, Supplier<Optional<List<LaneHead>>> heads) {
    GaugeWithCallback.builder()
        .name("polyptych_dispatcher_oldest_job_seconds")
        .unit(Unit.SECONDS)
        .help("Age of the oldest record that is first on a partition and not settled; 0 none")
        .labelNames("base", "lane", "task")
        .callback(sink -> heads.get().ifPresent(seen -> export(seen, sink)))
        .register(registry);
  }

  private void export(List<LaneHead> heads, GaugeWithCallback.Callback sink) {
    Map<LaneTask, Double> ages = new HashMap<>();
    for (Lane lane : Lane.values()) {
      tasks.forEach(task -> ages.put(new LaneTask(base, lane, task), 0.0));
    }
    Instant now = clock.instant();
    for (LaneHead head : heads) {
      boolean own = head.base().equals(base) && tasks.contains(head.task());
      ages.merge(
          new LaneTask(head.base(), head.lane(), own ? head.task() : OTHER),
          // A producer's clock may be ahead.
          Math.max(0, Duration.between(head.producedAt(), now).toMillis() / 1000.0),
          Math::max);
    }
    ages.forEach((of, seconds) -> sink.call(seconds, of.base(), of.lane().text(), of.task()));
  }
}
