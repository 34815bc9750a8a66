package dev.polyptych.worker.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Jobs handed over to idle workers. */
public final class HandoverMetrics {
  private final Counter handovers;
  private final Counter failures;

  public HandoverMetrics(PrometheusRegistry registry) {
    Meters meters = new Meters(registry);
    handovers = meters.counter("handovers_total", "Waiting jobs handed over to an idle worker.");
    failures =
        meters.counter(
            "handover_failures_total", "Jobs not handed over because the broker did not answer.");
  }

  public void handedOver() {
    handovers.inc();
  }

  public void failed() {
    failures.inc();
  }
}
