package dev.polyptych.worker.metrics;

import dev.polyptych.schema.job.Lane;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The jobs that wait in this worker. Computed at each scrape, on a thread of the management port.
 * Jobs that are still on the broker are in the dispatchers' backlog.
 */
public final class WaitingMetrics {
  private final Supplier<List<Job>> waiting;
  private final Clock clock;

  /** A job that was taken from the broker and not begun. */
  public record Job(Lane lane, String task, String adapter, Instant arrivedAt) {}

  private record LaneTask(Lane lane, String task) {}

  /**
   * @param gpuSeconds of the waiting jobs and of the rest of the running one
   */
  public WaitingMetrics(
      PrometheusRegistry registry,
      Supplier<List<Job>> waiting,
      DoubleSupplier gpuSeconds,
      Clock clock) {
    this.waiting = waiting;
    this.clock = clock;
    gauge("waiting_jobs", "Jobs taken and not begun.", "lane", "task")
        .callback(this::jobs)
        .register(registry);
    gauge(
            "oldest_waiting_seconds",
            "Age of the oldest job taken and not begun; 0 if there is none.",
            "lane")
        .callback(this::oldest)
        .register(registry);
    gauge("waiting_adapters", "Different adapters among the jobs taken and not begun.")
        .callback(value -> value.call((double) adapters()))
        .register(registry);
    gauge(
            "outstanding_gpu_seconds",
            "Estimated GPU-seconds of all taken jobs, the running one included.")
        .callback(value -> value.call(gpuSeconds.getAsDouble()))
        .register(registry);
  }

  private void jobs(GaugeWithCallback.Callback value) {
    Map<LaneTask, Long> counts =
        waiting.get().stream()
            .collect(
                Collectors.groupingBy(
                    job -> new LaneTask(job.lane(), job.task()), Collectors.counting()));
    counts.forEach((kind, jobs) -> value.call((double) jobs, kind.lane().text(), kind.task()));
  }

  private void oldest(GaugeWithCallback.Callback value) {
    List<Job> jobs = waiting.get();
    Instant now = clock.instant();
    for (Lane lane : Lane.values()) {
      double seconds =
          jobs.stream()
              .filter(job -> job.lane() == lane)
              .map(Job::arrivedAt)
              .min(Comparator.naturalOrder())
              .map(arrived -> Duration.between(arrived, now).toMillis() / 1000.0)
              .orElse(0.0);
      value.call(seconds, lane.text());
    }
  }

  private long adapters() {
    return waiting.get().stream().map(Job::adapter).distinct().count();
  }

  private static GaugeWithCallback.Builder gauge(String name, String help, String... labels) {
    return GaugeWithCallback.builder().name(Meters.prefixed(name)).help(help).labelNames(labels);
  }
}
