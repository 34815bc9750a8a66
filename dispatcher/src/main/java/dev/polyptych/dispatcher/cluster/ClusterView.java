package dev.polyptych.dispatcher.cluster;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.Lane;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The part of the cluster that draws with one base, as seen at one time.
 *
 * @param workers the live workers, including those that are loading
 * @param fleet the same workers as routing sees them
 */
public record ClusterView(List<WorkerHeartbeat> workers, LanePositions positions, Fleet fleet) {
  public static final ClusterView UNKNOWN =
      new ClusterView(List.of(), LanePositions.UNKNOWN, Fleet.silent(0));

  /**
   * @param at when the look began
   */
  public static ClusterView of(List<WorkerHeartbeat> workers, LanePositions positions, Instant at) {
    return new ClusterView(workers, positions, FleetReading.of(workers, positions, at));
  }

  public ClusterView {
    workers = List.copyOf(workers);
  }

  /** Whether a look has seen the lanes and workers. */
  public boolean known() {
    return positions.partitions() > 0;
  }

  /**
   * GPU-seconds of a lane's unsettled jobs; a running job counts in full. Empty for jobs before any
   * worker has measured one.
   */
  public OptionalDouble gpuSeconds(Lane lane) {
    if (positions.jobs(lane) == 0) {
      return OptionalDouble.of(0);
    }
    OptionalDouble mean =
        workers.stream()
            .mapToDouble(WorkerHeartbeat::meanJobSeconds)
            .filter(seconds -> seconds > 0)
            .average();
    return mean.isPresent()
        ? OptionalDouble.of(positions.jobs(lane) * mean.getAsDouble())
        : OptionalDouble.empty();
  }

  /** The worker that renders the jobs of a partition. */
  public Optional<WorkerHeartbeat> owner(int partition) {
    return workers.stream().filter(worker -> worker.partitions().contains(partition)).findFirst();
  }

  public Optional<WorkerHeartbeat> worker(String id) {
    return workers.stream().filter(worker -> worker.id().equals(id)).findFirst();
  }

  public List<WorkerHeartbeat> loading() {
    return workers.stream().filter(WorkerHeartbeat::loading).toList();
  }
}
