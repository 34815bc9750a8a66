package dev.polyptych.worker.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Jobs that went to an idle worker. */
public final class HandoverMetrics {
  private final Counter handovers;
  private final Counter failures;

  public HandoverMetrics(PrometheusRegistry registry) {
    Meters meters = new Meters(registry);
    handovers = meters.counter("handovers_total", "Waiting jobs given to an idle worker.");
    failures =
        meters.counter(
            "handover_failures_total", "Jobs kept since the broker did not take them elsewhere.");
  }

  public void handedOver() {
    handovers.inc();
  }

  public void failed() {
    failures.inc();
  }
}
