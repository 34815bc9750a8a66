package dev.polyptych.schema.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.polyptych.schema.catalog.Task;
import java.util.List;
import java.util.Optional;

/**
 * Where the jobs of a task go now, as one dispatcher sees it.
 *
 * @param routing what the catalog says
 * @param share fraction of the GPU-seconds that this dispatcher sent recently, 0 to 1
 * @param partitions number of partitions per lane; 0 while the dispatcher can't see them
 * @param width workers in the spread, where the adapter is at home
 * @param spread the partition of each of them, in the adapter's rank order; empty while the
 *     dispatcher can't see the lanes
 * @param next where a job submitted now would go; absent while the dispatcher can't see the lanes
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record PlacementReport(
    @JsonProperty("v") int version,
    String task,
    String adapter,
    Optional<Task.Routing> routing,
    double share,
    int partitions,
    int width,
    List<Spot> spread,
    Optional<NextSpot> next) {
  public PlacementReport {
    spread = List.copyOf(spread);
  }

  /**
   * A partition of the spread.
   *
   * @param worker owner of the partition, if a heartbeat shows one
   * @param tier where the adapter is on that worker
   * @param outstandingSeconds GPU-seconds of all jobs in its partitions
   */
  public record Spot(
      int partition,
      Optional<String> worker,
      Optional<Tier> tier,
      Optional<Double> outstandingSeconds) {}

  /**
   * Where a job would go.
   *
   * @param partition in the spread, or of a cheaper worker outside it
   * @param tier where the adapter is on that worker
   * @param outstandingSeconds GPU-seconds of all jobs in its partitions
   * @param text a sentence for people; programs use the reason
   */
  public record NextSpot(
      int partition,
      Optional<String> worker,
      Optional<Tier> tier,
      Optional<Double> outstandingSeconds,
      RouteReason reason,
      String text) {}
}
