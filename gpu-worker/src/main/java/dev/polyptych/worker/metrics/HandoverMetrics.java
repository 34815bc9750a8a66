package dev.polyptych.worker.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Jobs handed over to idle workers, and jobs passed on to workers that can draw them. */
public final class HandoverMetrics {
  private final Counter handovers;
  private final Counter passes;
  private final Counter failures;

  public HandoverMetrics(PrometheusRegistry registry) {
    Meters meters = new Meters(registry);
    handovers = meters.counter("handovers_total", "Waiting jobs handed over to an idle worker.");
    passes =
        meters.counter(
            "passed_on_total",
            "Jobs passed on to another worker because this one can't draw them.");
    failures =
        meters.counter(
            "handover_failures_total", "Jobs not handed over because the broker did not answer.");
  }

  public void handedOver() {
    handovers.inc();
  }

  public void passedOn() {
    passes.inc();
  }

  public void failed() {
    failures.inc();
  }
}
