package dev.polyptych.worker.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Makes meters under the worker's common prefix. */
final class Meters {
  static final double NANOS = 1e-9;

  /** From a tiny model's step to a large sheet on a small card. */
  private static final double[] SECONDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500
  };

  private final PrometheusRegistry registry;

  Meters(PrometheusRegistry registry) {
    this.registry = registry;
  }

  Counter counter(String name, String help, String... labels) {
    return Counter.builder().name(prefixed(name)).help(help).labelNames(labels).register(registry);
  }

  Gauge gauge(String name, String help, String... labels) {
    return Gauge.builder().name(prefixed(name)).help(help).labelNames(labels).register(registry);
  }

  Histogram seconds(String name, String help, String... labels) {
    return histogram(name, help, SECONDS, labels);
  }

  Histogram histogram(String name, String help, double[] upperBounds, String... labels) {
    return Histogram.builder()
        .name(prefixed(name))
        .help(help)
        .labelNames(labels)
        .classicUpperBounds(upperBounds)
        .register(registry);
  }

  static String prefixed(String name) {
    return "polyptych_worker_" + name;
  }
}
