package dev.polyptych.dispatcher;

import dev.polyptych.dispatcher.cluster.ClusterView;
import dev.polyptych.dispatcher.enqueue.JobSubmission;
import dev.polyptych.dispatcher.enqueue.LaneWriter;
import dev.polyptych.dispatcher.enqueue.SubmissionOrigin;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.dispatcher.metrics.RoutingMetrics;
import dev.polyptych.dispatcher.metrics.TenantMetrics;
import dev.polyptych.dispatcher.placement.RoutesByBase;
import dev.polyptych.dispatcher.tenant.Allowance;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.Reservations;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.Optional;

/** A submission wired as in a dispatcher that sees nothing, with plenty of room. */
public final class Stores {
  private Stores() {}

  public static JobSubmission submission(JobStore jobs, RedisConnection redis, LaneWriter lanes) {
    return submission(jobs, redis, lanes, blindRoutes());
  }

  public static JobSubmission submission(
      JobStore jobs, RedisConnection redis, LaneWriter lanes, RoutesByBase routes) {
    PrometheusRegistry registry = new PrometheusRegistry();
    return new JobSubmission(
        jobs,
        new ReferenceStore(redis, Retention.DEFAULT),
        new Allowance(new Reservations(redis), 1_000_000, new TenantMetrics(registry)),
        lanes,
        routes,
        new DispatcherMetrics(registry),
        Clock.systemUTC());
  }

  /** Of a dispatcher that sees no worker. */
  public static RoutesByBase blindRoutes() {
    return new RoutesByBase(
        CatalogFile.builtIn("tiny"),
        base -> ClusterView.UNKNOWN,
        new RoutingMetrics(new PrometheusRegistry()),
        Clock.systemUTC());
  }

  /** Of a caller who is alone, without a batch. */
  public static SubmissionOrigin origin() {
    return new SubmissionOrigin(Tenant.DEFAULT, TraceParent.of(null), Optional.empty());
  }
}
