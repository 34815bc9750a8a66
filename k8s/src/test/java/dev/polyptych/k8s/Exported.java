package dev.polyptych.k8s;

import dev.polyptych.dispatcher.metrics.CallbackMetrics;
import dev.polyptych.dispatcher.metrics.ClusterMetrics;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.dispatcher.metrics.QueueAgeMetrics;
import dev.polyptych.dispatcher.metrics.RoutingMetrics;
import dev.polyptych.dispatcher.metrics.StoreMemoryMetrics;
import dev.polyptych.dispatcher.metrics.SweepMetrics;
import dev.polyptych.dispatcher.metrics.TenantMetrics;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.worker.metrics.AffinityMetrics;
import dev.polyptych.worker.metrics.HandoverMetrics;
import dev.polyptych.worker.metrics.IntakeMetrics;
import dev.polyptych.worker.metrics.PublishMetrics;
import dev.polyptych.worker.metrics.RenderMetrics;
import dev.polyptych.worker.metrics.WaitingMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The names of all series that our processes export, from the registries they really fill. */
final class Exported {
  private static final Catalog NOTHING = new Catalog(Catalog.VERSION, "none", "", List.of());

  private Exported() {}

  static Set<String> names() {
    PrometheusRegistry registry = new PrometheusRegistry();
    new DispatcherMetrics(registry);
    new TenantMetrics(registry);
    new ClusterMetrics(registry);
    new SweepMetrics(registry);
    new CallbackMetrics(registry);
    new RoutingMetrics(registry).watch(NOTHING, task -> null);
    new QueueAgeMetrics(NOTHING, Clock.systemUTC()).watch(registry, Optional::empty);
    new StoreMemoryMetrics(registry);
    new AffinityMetrics(registry, Clock.systemUTC());
    new HandoverMetrics(registry);
    new IntakeMetrics(registry);
    new PublishMetrics(registry);
    new RenderMetrics(registry);
    new WaitingMetrics(registry, List::of, () -> 0, Clock.systemUTC());
    Set<String> names = new TreeSet<>();
    registry.scrape().stream().flatMap(Exported::series).forEach(names::add);
    return names;
  }

  private static Stream<String> series(MetricSnapshot metric) {
    String name = metric.getMetadata().getPrometheusName();
    return switch (metric) {
      case CounterSnapshot _ -> Stream.of(name + "_total");
      case InfoSnapshot _ -> Stream.of(name + "_info");
      case HistogramSnapshot _ -> Stream.of("_bucket", "_sum", "_count").map(part -> name + part);
      default -> Stream.of(name);
    };
  }
}
