package dev.polyptych.worker.adapter;

import dev.polyptych.worker.metrics.FetchMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Fetchers for tests of other packages. */
public final class Fetchers {
  private Fetchers() {}

  /** One without an object store. */
  public static AdapterFetcher none() {
    Clock clock = Clock.systemUTC();
    return new AdapterFetcher(
        new AdapterStore(Path.of("no-store"), 0, clock),
        Optional.empty(),
        new FetchMetrics(new PrometheusRegistry()),
        clock,
        () -> {});
  }
}
