package dev.polyptych.dispatcher.metrics;

import dev.polyptych.schema.job.CallbackState;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;

/** Counts the outcomes of callbacks. */
public final class CallbackMetrics {
  private final Counter deliveries;
  private final Histogram seconds;
  private final Gauge outbox;

  public CallbackMetrics(PrometheusRegistry registry) {
    deliveries =
        Counter.builder()
            .name("polyptych_dispatcher_callback_deliveries")
            .help("Tries of callbacks by outcome")
            .labelNames("outcome")
            .register(registry);
    for (CallbackState state : CallbackState.values()) {
      deliveries.initLabelValues(outcome(state));
    }
    seconds =
        Histogram.builder()
            .name("polyptych_dispatcher_callback_delivery_seconds")
            .help("One try of a callback, name service and all")
            .unit(Unit.SECONDS)
            .classicUpperBounds(.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
            .register(registry);
    outbox =
        Gauge.builder()
            .name("polyptych_dispatcher_callback_outbox")
            .help("Callbacks that wait for a try, of all dispatchers together")
            .register(registry);
  }

  /**
   * @param state of the callback after the try
   */
  public void tried(CallbackState state, long nanos) {
    deliveries.labelValues(outcome(state)).inc();
    seconds.observe(nanos / 1e9);
  }

  public void depth(long callbacks) {
    outbox.set((double) callbacks);
  }

  private static String outcome(CallbackState state) {
    return switch (state) {
      case DELIVERED -> "delivered";
      case PENDING -> "retried";
      case GIVEN_UP -> "given_up";
    };
  }
}
