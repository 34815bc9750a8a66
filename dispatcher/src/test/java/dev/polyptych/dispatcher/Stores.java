package dev.polyptych.dispatcher;

import dev.polyptych.dispatcher.cluster.ClusterView;
import dev.polyptych.dispatcher.enqueue.JobSubmission;
import dev.polyptych.dispatcher.estimate.Outlook;
import dev.polyptych.dispatcher.metrics.RoutingMetrics;
import dev.polyptych.dispatcher.metrics.TenantMetrics;
import dev.polyptych.dispatcher.placement.Routes;
import dev.polyptych.dispatcher.tenant.Allowance;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.Reservations;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.function.Supplier;

/** What a job queue keeps jobs in, wired as in a dispatcher, with plenty of room. */
public final class Stores {
  private Stores() {}

  public static JobSubmission.Stores of(JobStore jobs, RedisConnection redis) {
    return new JobSubmission.Stores(
        jobs,
        new ReferenceStore(redis, Retention.DEFAULT),
        new Allowance(
            new Reservations(redis), 1_000_000, new TenantMetrics(new PrometheusRegistry())));
  }

  /** Of a dispatcher that sees nothing. */
  public static Outlook blindOutlook() {
    Clock clock = Clock.systemUTC();
    Supplier<ClusterView> blind = () -> ClusterView.UNKNOWN;
    RoutingMetrics metrics = new RoutingMetrics(new PrometheusRegistry());
    Routes routes = new Routes(CatalogFile.builtIn("tiny"), blind, metrics, clock);
    return Outlook.of("tiny", blind, routes, clock);
  }
}
