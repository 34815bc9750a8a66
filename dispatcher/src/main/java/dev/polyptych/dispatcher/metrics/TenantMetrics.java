package dev.polyptych.dispatcher.metrics;

import dev.polyptych.schema.error.Limit;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Set;

/**
 * What tenants request and what is refused. One label value for each tenant of the tenants file.
 */
public final class TenantMetrics {
  private final Counter admitted;
  private final Counter limited;

  public TenantMetrics(PrometheusRegistry registry) {
    admitted =
        Counter.builder()
            .name("polyptych_dispatcher_tenant_jobs_admitted")
            .help("Jobs for which there was room within all limits")
            .labelNames("tenant")
            .register(registry);
    limited =
        Counter.builder()
            .name("polyptych_dispatcher_tenant_limited")
            .help("Refusals by the limit that was hit")
            .labelNames("tenant", "limit")
            .register(registry);
  }

  /** Starts the tenants' series at 0, so that a rate includes the first event. */
  public void expect(Set<String> tenants) {
    for (String tenant : tenants) {
      admitted.initLabelValues(tenant);
      for (Limit limit : Limit.values()) {
        limited.initLabelValues(tenant, limit.text());
      }
    }
  }

  public void admitted(String tenant) {
    admitted.labelValues(tenant).inc();
  }

  public void limited(String tenant, Limit limit) {
    limited.labelValues(tenant, limit.text()).inc();
  }
}
