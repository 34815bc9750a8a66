package dev.polyptych.worker.metrics;

import static dev.polyptych.worker.metrics.Meters.NANOS;

import dev.polyptych.schema.job.Lane;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What comes in from the broker. */
public final class IntakeMetrics {
  private final Counter taken;
  private final Counter commitFailures;
  private final Counter revoked;
  private final Histogram revoke;
  private final Gauge inFlight;
  private final Gauge paused;

  public IntakeMetrics(PrometheusRegistry registry) {
    Meters meters = new Meters(registry);
    taken = meters.counter("records_taken_total", "Records read from the lanes.", "lane");
    commitFailures =
        meters.counter(
            "commit_failures_total", "Offset commits that failed; their records may come again.");
    revoked = meters.counter("partitions_revoked_total", "Partitions revoked by the group.");
    revoke =
        meters.seconds(
            "revoke_seconds", "Time to give up revoked partitions. No worker owns them meanwhile.");
    inFlight = meters.gauge("records_in_flight", "Records taken and neither finished nor dropped.");
    paused = meters.gauge("partitions_paused", "Partitions not read because there is no room.");
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

  public void gaveUp(long nanos) {
    revoke.observe(nanos * NANOS);
  }

  public void holding(int recordsInFlight, int partitionsPaused) {
    inFlight.set(recordsInFlight);
    paused.set(partitionsPaused);
  }
}
