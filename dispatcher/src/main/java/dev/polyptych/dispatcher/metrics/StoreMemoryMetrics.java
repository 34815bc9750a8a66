package dev.polyptych.dispatcher.metrics;

import dev.polyptych.store.StoreMemory;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;

/**
 * The memory of Redis as Redis reports it, so no separate exporter is needed. All dispatchers see
 * the same Redis: aggregate with max. Unknown values are not exported.
 */
public final class StoreMemoryMetrics {
  private final Gauge used;
  private final Gauge limit;

  public StoreMemoryMetrics(PrometheusRegistry registry) {
    used = gauge("used", "Memory that Redis uses").register(registry);
    limit = gauge("limit", "Memory at which Redis refuses writes; 0: never").register(registry);
  }

  public void seen(StoreMemory memory) {
    used.set((double) memory.usedBytes());
    limit.set((double) memory.limitBytes());
  }

  public void unseen() {
    used.clear();
    limit.clear();
  }

  private static Gauge.Builder gauge(String what, String help) {
    return Gauge.builder()
        .name("polyptych_dispatcher_redis_memory_" + what + "_bytes")
        .unit(Unit.BYTES)
        .help(help);
  }
}
