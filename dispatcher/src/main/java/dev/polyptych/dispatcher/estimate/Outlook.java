package dev.polyptych.dispatcher.estimate;

import dev.polyptych.dispatcher.cluster.ClusterView;
import java.time.Clock;
import java.util.function.Supplier;

/** What can be told of a job's future, from the cluster as it was seen last. */
public record Outlook(Estimates estimates, Why why) {
  /**
   * @param model the catalog's
   */
  public static Outlook of(String model, Supplier<ClusterView> cluster, Clock clock) {
    Estimates estimates = new Estimates(new GpuTime(model), cluster, clock);
    return new Outlook(estimates, new Why(cluster, clock));
  }
}
