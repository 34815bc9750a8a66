package dev.polyptych.dispatcher.estimate;

import dev.polyptych.dispatcher.cluster.ClusterView;
import dev.polyptych.dispatcher.cluster.GpuTime;
import dev.polyptych.dispatcher.placement.PlacementReports;
import dev.polyptych.dispatcher.placement.Routes;
import java.time.Clock;
import java.util.function.Supplier;

/** What can be told of jobs and where they go, from the cluster as it was seen last. */
public record Outlook(Estimates estimates, Why why, Routes routes, PlacementReports placements) {
  /**
   * @param model the catalog's
   */
  public static Outlook of(
      String model, Supplier<ClusterView> cluster, Routes routes, Clock clock) {
    Estimates estimates = new Estimates(new GpuTime(model), cluster, routes, clock);
    return new Outlook(
        estimates, new Why(cluster, routes, clock), routes, new PlacementReports(routes));
  }
}
