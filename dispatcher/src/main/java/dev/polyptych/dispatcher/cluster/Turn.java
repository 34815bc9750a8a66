package dev.polyptych.dispatcher.cluster;

import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.util.Optional;

/**
 * A job's turn on its worker. Interactive jobs go first; a batch job gets a turn after every few
 * interactive jobs. Streaks are left out: they change the order of jobs, but not the mean number of
 * jobs before one.
 *
 * @param worker will render the job
 * @param laneJobs jobs of the same lane that the worker takes before it
 * @param otherJobs jobs of the other lane that the worker takes before it
 */
public record Turn(WorkerHeartbeat worker, long laneJobs, long otherJobs) {
  /** The default of the workers' schedules. */
  private static final int BATCH_EVERY = 4;

  /** The turn behind all jobs of a partition's owner; empty without an owner. */
  public static Optional<Turn> last(ClusterView view, Lane lane, int partition) {
    return view.owner(partition)
        .map(owner -> of(owner, lane, jobs(view, lane, owner), jobs(view, other(lane), owner)));
  }

  /**
   * The turn of a record; empty without an owner. It assumes that the worker's other partitions
   * have advanced as far as the record's own.
   */
  public static Optional<Turn> at(ClusterView view, Lane lane, int partition, long offset) {
    LanePositions positions = view.positions();
    long before = positions.before(lane, partition, offset);
    long all = positions.jobs(lane, partition);
    double share = all == 0 ? 0 : Math.min(1, (double) before / all);
    return view.owner(partition)
        .map(
            owner -> {
              long elsewhere = Math.round(share * (jobs(view, lane, owner) - all));
              return of(owner, lane, before + elsewhere, jobs(view, other(lane), owner));
            });
  }

  private static Turn of(WorkerHeartbeat owner, Lane lane, long same, long others) {
    return switch (lane) {
      case INTERACTIVE -> new Turn(owner, same, Math.min(others, same / BATCH_EVERY));
      case BATCH -> new Turn(owner, same, Math.min(others, (same + 1) * BATCH_EVERY));
    };
  }

  public long jobs() {
    return laneJobs + otherJobs;
  }

  /**
   * GPU-seconds before the job. Empty if jobs are before it and the worker has measured nothing.
   */
  public Optional<Double> gpuSeconds() {
    long jobs = jobs();
    if (jobs == 0) {
      return Optional.of(0.0);
    }
    double mean = worker.meanJobSeconds();
    if (mean == 0) {
      return Optional.empty();
    }
    return Optional.of(
        worker.job().isPresent()
            ? (jobs - 1) * mean + worker.load().runningSeconds()
            : jobs * mean);
  }

  /** Time until the worker begins the job. */
  public Optional<Duration> delay() {
    return gpuSeconds().map(seconds -> Duration.ofMillis(Math.round(seconds * 1000)));
  }

  private static long jobs(ClusterView view, Lane lane, WorkerHeartbeat owner) {
    return owner.partitions().stream()
        .mapToLong(partition -> view.positions().jobs(lane, partition))
        .sum();
  }

  private static Lane other(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> Lane.BATCH;
      case BATCH -> Lane.INTERACTIVE;
    };
  }
}
