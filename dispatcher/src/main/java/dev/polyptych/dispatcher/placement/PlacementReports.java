package dev.polyptych.dispatcher.placement;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.policy.routing.Placement;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.fleet.PlacementReport;
import dev.polyptych.schema.fleet.PlacementReport.NextSpot;
import dev.polyptych.schema.fleet.PlacementReport.Spot;
import dev.polyptych.schema.fleet.RouteReason;
import dev.polyptych.schema.job.OfferedTask;
import java.util.List;
import java.util.Optional;

/** Reports where the jobs of a task go. Safe for all threads. */
public final class PlacementReports {
  private final RoutesByBase routes;

  public PlacementReports(RoutesByBase routes) {
    this.routes = routes;
  }

  /** As of the last look; never blocks. */
  public PlacementReport of(OfferedTask offered) {
    Routes fleetRoutes = routes.of(offered.base().model());
    Task task = offered.task();
    String adapter = offered.adapterKey();
    Fleet fleet = fleetRoutes.fleet();
    if (fleet.partitions() == 0) {
      return report(task, new Placement(adapter, 0, 0, List.of()), fleet, Optional.empty());
    }
    int next = fleetRoutes.likely(task.id(), adapter, fleet);
    Placement placement = fleetRoutes.placement(task.id(), adapter, fleet);
    RouteReason reason = fleetRoutes.reason(adapter, next, fleet);
    return report(task, placement, fleet, Optional.of(next(adapter, next, reason, fleet)));
  }

  private static PlacementReport report(
      Task task, Placement placement, Fleet fleet, Optional<NextSpot> next) {
    return new PlacementReport(
        1,
        task.id(),
        placement.adapter(),
        task.routing(),
        placement.share(),
        fleet.partitions(),
        placement.width(),
        placement.spots().stream().map(spot -> spot(spot, fleet)).toList(),
        next);
  }

  private static Spot spot(Placement.Spot spot, Fleet fleet) {
    Optional<FleetWorker> owner = fleet.owner(spot.partition());
    return new Spot(
        spot.partition(),
        spot.owner(),
        owner.map(worker -> spot.tier()),
        owner.map(FleetWorker::outstandingSeconds));
  }

  private static NextSpot next(String adapter, int partition, RouteReason reason, Fleet fleet) {
    Optional<FleetWorker> owner = fleet.owner(partition);
    String worker = owner.map(FleetWorker::id).orElse("nobody");
    double seconds = owner.map(FleetWorker::outstandingSeconds).orElse(0.0);
    String text =
        switch (reason) {
          case WARM -> "worker %s draws with %s now and has %.1f GPU-seconds before it";
          case RESIDENT -> "worker %s holds %s in memory and has %.1f GPU-seconds before it";
          case LEAST_LOADED ->
              "worker %s must read %s first, and with %.1f GPU-seconds before it is done first all"
                  + " the same";
          case PINNED -> "the catalog pins its jobs here; worker: %s";
          case NO_HEARTBEATS -> "no worker is seen to take it, so rank order decides";
        };
    return new NextSpot(
        partition,
        owner.map(FleetWorker::id),
        owner.map(of -> of.residency().of(adapter)),
        owner.map(FleetWorker::outstandingSeconds),
        reason,
        text.formatted(worker, adapter, seconds));
  }
}
