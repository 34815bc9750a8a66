package dev.polyptych.worker.metrics;

import static dev.polyptych.worker.metrics.Meters.NANOS;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** Adapters that are fetched from the object store. */
public final class FetchMetrics {
  private final Counter fetches;
  private final Histogram seconds;
  private final Gauge held;

  /** How a fetch ended. */
  public enum Outcome {
    FETCHED,
    /** The object store does not have it. */
    MISSING,
    /** The object has another digest. */
    DAMAGED,
    /** The object store did not answer, or broke off; the fetch is tried again. */
    INTERRUPTED,
    /** This worker could not write it. */
    FAILED;

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public FetchMetrics(PrometheusRegistry registry) {
    Meters meters = new Meters(registry);
    fetches =
        meters.counter(
            "adapter_fetches_total",
            "Fetches of adapters from the object store by how they ended.",
            "outcome");
    seconds = meters.seconds("adapter_fetch_seconds", "Time of a successful fetch.");
    held = meters.gauge("adapter_store_bytes", "Size of the files in the folder of adapters.");
    for (Outcome outcome : Outcome.values()) {
      fetches.initLabelValues(outcome.text());
    }
  }

  public void ended(Outcome outcome, long nanos) {
    fetches.labelValues(outcome.text()).inc();
    if (outcome == Outcome.FETCHED) {
      seconds.observe(nanos * NANOS);
    }
  }

  public void holds(long bytes) {
    held.set((double) bytes);
  }
}
