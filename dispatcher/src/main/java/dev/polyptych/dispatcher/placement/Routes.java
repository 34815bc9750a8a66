package dev.polyptych.dispatcher.placement;

import dev.polyptych.dispatcher.cluster.ClusterView;
import dev.polyptych.dispatcher.cluster.GpuTime;
import dev.polyptych.dispatcher.cluster.Turn;
import dev.polyptych.dispatcher.metrics.RoutingMetrics;
import dev.polyptych.dispatcher.metrics.RoutingMetrics.TaskSpread;
import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.policy.routing.Placement;
import dev.polyptych.policy.routing.Router;
import dev.polyptych.policy.routing.RoutingRules;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.fleet.Needs;
import dev.polyptych.schema.fleet.RouteReason;
import dev.polyptych.schema.job.Forecast;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RenderJob;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Chooses partitions for the jobs of one base from the latest view of the cluster. While it sees no
 * worker, it uses rank order. Never blocks; safe for all threads.
 */
public final class Routes {
  private final Router router;
  private final RoutingOverrides wishes;
  private final String base;
  private final GpuTime gpuTime;
  private final Supplier<ClusterView> cluster;
  private final RoutingMetrics metrics;
  private final Clock clock;

  public Routes(
      Catalog catalog, Supplier<ClusterView> cluster, RoutingMetrics metrics, Clock clock) {
    this.wishes = new RoutingOverrides(catalog);
    this.router = new Router(RoutingRules.DEFAULT, wishes);
    this.base = catalog.model();
    this.gpuTime = new GpuTime(base);
    this.cluster = cluster;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** The part of the cluster that draws with the base, as last seen. */
  public ClusterView view() {
    return cluster.get();
  }

  /** How long a job keeps a GPU busy; empty before any worker has measured that. */
  public Optional<Double> gpuSeconds(RenderJob job) {
    return gpuTime.seconds(job.sampling().steps(), job.tokens(), cluster.get());
  }

  /**
   * Decides where to write a job now. The job counts as sent from this call on, so that
   * simultaneous jobs spread.
   *
   * @param gpuSeconds of the job
   * @param partitions of the job's lane
   */
  public Route route(RenderJob job, Optional<Double> gpuSeconds, int partitions) {
    wishes.check(partitions);
    ClusterView view = cluster.get();
    Fleet fleet = fleet(view, partitions);
    double seconds = gpuSeconds.orElse(GpuTime.UNMEASURED_SECONDS);
    int partition = router.partition(needs(job), seconds, fleet, clock.instant());
    RouteReason reason = reason(job.adapter(), partition, fleet);
    metrics.routed(reason);
    return new Route(partition, forecast(view, job.lane(), partition, gpuSeconds), reason);
  }

  /** The forecast of a job if it were submitted now. */
  public Forecast forecast(RenderJob job) {
    ClusterView view = cluster.get();
    int partition = view.known() ? likely(job.task(), job.adapter(), view) : 0;
    return forecast(view, job.lane(), partition, gpuSeconds(job));
  }

  /** Reports that a job's record was written. Later jobs are behind it. */
  public void written(RenderJob job, QueuePlace place) {
    cluster.get().positions().written(job.lane(), place.partition(), place.offset());
  }

  /** The partition that a job of a task would get now. */
  public int likely(String task, String adapter, ClusterView view) {
    Fleet fleet = fleet(view, view.positions().partitions());
    return router.likely(needs(task, adapter), fleet, clock.instant());
  }

  /** As {@link #likely(String, String, ClusterView)}. */
  int likely(String task, String adapter, Fleet fleet) {
    return router.likely(needs(task, adapter), fleet, clock.instant());
  }

  private Needs needs(RenderJob job) {
    return new Needs(Optional.of(base), job.task(), job.adapter(), job.pins().reference());
  }

  /** What a job needs of its worker. */
  public Needs needs(String task, String adapter) {
    return new Needs(Optional.of(base), task, adapter);
  }

  /** How the jobs of a task are spread now; no spread while the lanes are unknown. */
  public TaskSpread spread(Task task) {
    Fleet fleet = fleet();
    if (fleet.partitions() == 0) {
      return new TaskSpread(0, 0);
    }
    Placement placement = placement(task.id(), task.adapter(), fleet);
    return new TaskSpread(placement.share(), placement.width());
  }

  /** Where a task's jobs may go now. */
  Placement placement(String task, String adapter, Fleet fleet) {
    return router.placement(needs(task, adapter), fleet);
  }

  /** The cluster as routing sees it; without partitions before the first look at the lanes. */
  public Fleet fleet() {
    return cluster.get().fleet();
  }

  /** Why a job of an adapter would go to a partition. */
  RouteReason reason(String adapter, int partition, Fleet fleet) {
    if (wishes.pin(adapter, fleet.partitions()).isPresent()) {
      return RouteReason.PINNED;
    }
    Optional<FleetWorker> owner = fleet.owner(partition);
    if (owner.isEmpty()) {
      return RouteReason.NO_HEARTBEATS;
    }
    return switch (owner.get().residency().of(adapter)) {
      case WARM -> RouteReason.WARM;
      case DEVICE, HOST -> RouteReason.RESIDENT;
      case DISK, ABSENT -> RouteReason.LEAST_LOADED;
    };
  }

  private static Forecast forecast(
      ClusterView view, Lane lane, int partition, Optional<Double> gpuSeconds) {
    Optional<Turn> turn =
        partition < view.positions().partitions()
            ? Turn.last(view, lane, partition)
            : Optional.empty();
    return new Forecast(turn.flatMap(Turn::delay), gpuSeconds, turn.map(Turn::laneJobs));
  }

  /** If the view has a different number of partitions than the lane, their owners are unknown. */
  private static Fleet fleet(ClusterView view, int partitions) {
    return view.fleet().partitions() == partitions ? view.fleet() : Fleet.silent(partitions);
  }
}
