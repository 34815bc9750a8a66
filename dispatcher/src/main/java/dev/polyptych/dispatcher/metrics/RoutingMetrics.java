package dev.polyptych.dispatcher.metrics;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.fleet.RouteReason;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Where jobs went and may go. One label value for each task of the catalog. */
public final class RoutingMetrics {
  private final PrometheusRegistry registry;
  private final Counter routed;

  /**
   * How one task is spread.
   *
   * @param share of this dispatcher's traffic, 0 to 1
   * @param workers in its spread
   */
  public record TaskSpread(double share, int workers) {}

  public RoutingMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    routed =
        Counter.builder()
            .name("polyptych_dispatcher_jobs_routed")
            .help("Jobs sent to a partition, by why it was that one")
            .labelNames("reason")
            .register(registry);
    for (RouteReason reason : RouteReason.values()) {
      routed.initLabelValues(reason.text());
    }
  }

  public void routed(RouteReason reason) {
    routed.labelValues(reason.text()).inc();
  }

  /**
   * Exports the spreads of tasks that have traffic, as they are at each scrape.
   *
   * @param spread returns the spread of a task; must not block
   */
  public void watch(Catalog catalog, Function<Task, TaskSpread> spread) {
    export(
        GaugeWithCallback.builder()
            .name("polyptych_dispatcher_traffic_share_ratio")
            .help("Part of the GPU-seconds that this dispatcher has sent lately")
            .unit(Unit.RATIO),
        catalog,
        spread,
        TaskSpread::share);
    export(
        GaugeWithCallback.builder()
            .name("polyptych_dispatcher_spread_workers")
            .help("Workers among which a task's jobs are spread"),
        catalog,
        spread,
        TaskSpread::workers);
  }

  private void export(
      GaugeWithCallback.Builder gauge,
      Catalog catalog,
      Function<Task, TaskSpread> spread,
      ToDoubleFunction<TaskSpread> value) {
    gauge
        .labelNames("base", "task")
        .callback(
            sink ->
                catalog
                    .tasks()
                    .forEach(
                        task -> {
                          TaskSpread now = spread.apply(task);
                          if (now.share() > 0) {
                            sink.call(value.applyAsDouble(now), catalog.model(), task.id());
                          }
                        }))
        .register(registry);
  }
}
