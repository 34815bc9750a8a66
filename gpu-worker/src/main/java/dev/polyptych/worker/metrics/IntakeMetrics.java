package dev.polyptych.worker.metrics;

import dev.polyptych.schema.job.Lane;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What comes in from the broker. */
public final class IntakeMetrics {
  private final Counter taken;
  private final Counter commitFailures;
  private final Counter revoked;
  private final Gauge inFlight;
  private final Gauge paused;

  public IntakeMetrics(PrometheusRegistry registry) {
    taken =
        Counter.builder()
            .name("polyptych_worker_records_taken_total")
            .help("Records read from the lanes.")
            .labelNames("lane")
            .register(registry);
    commitFailures =
        Counter.builder()
            .name("polyptych_worker_commit_failures_total")
            .help("Offset commits that failed; their records may come again.")
            .register(registry);
    revoked =
        Counter.builder()
            .name("polyptych_worker_partitions_revoked_total")
            .help("Partitions taken away by the group.")
            .register(registry);
    inFlight =
        Gauge.builder()
            .name("polyptych_worker_records_in_flight")
            .help("Records taken and not settled.")
            .register(registry);
    paused =
        Gauge.builder()
            .name("polyptych_worker_partitions_paused")
            .help("Partitions that are not read for want of room.")
            .register(registry);
    for (Lane lane : Lane.values()) {
      taken.initLabelValues(lane.text());
    }
  }

  public void taken(Lane lane) {
    taken.labelValues(lane.text()).inc();
  }

  public void commitFailed() {
    commitFailures.inc();
  }

  public void revoked(int partitions) {
    revoked.inc(partitions);
  }

  public void holding(int recordsInFlight, int partitionsPaused) {
    inFlight.set(recordsInFlight);
    paused.set(partitionsPaused);
  }
}
