package dev.polyptych.dispatcher.placement;

import dev.polyptych.dispatcher.cluster.ClusterViews;
import dev.polyptych.dispatcher.metrics.RoutingMetrics;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.job.JobStatus;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The routes of each base, since every base has a fleet of its own. Safe for all threads. */
public final class RoutesByBase {
  private final Map<String, Routes> byBase = new ConcurrentHashMap<>();
  private final Catalog own;
  private final ClusterViews cluster;
  private final RoutingMetrics metrics;
  private final Clock clock;

  /**
   * @param own the dispatcher's catalog; its tasks may say how they are routed
   */
  public RoutesByBase(Catalog own, ClusterViews cluster, RoutingMetrics metrics, Clock clock) {
    this.own = own;
    this.cluster = cluster;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** The routes of a base's jobs. */
  public Routes of(String base) {
    return byBase.computeIfAbsent(base, this::made);
  }

  /** The routes of a job. One of an older version names no base: it is of the catalog's. */
  public Routes of(JobStatus job) {
    return of(job.base().orElse(own.model()));
  }

  private Routes made(String base) {
    Catalog catalog =
        base.equals(own.model()) ? own : new Catalog(Catalog.VERSION, base, "", List.of());
    return new Routes(catalog, () -> cluster.of(base), metrics, clock);
  }
}
