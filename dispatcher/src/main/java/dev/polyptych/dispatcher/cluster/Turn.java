package dev.polyptych.dispatcher.cluster;

import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.util.Optional;

/**
 * When a worker comes to a job: interactive goes before batch, and batch has its turn after every
 * few interactive jobs. Streaks change the order of jobs, not how many there are before one on the
 * mean, so they are left out.
 *
 * @param worker who is going to render it
 * @param laneJobs of its lane, taken before it
 * @param otherJobs of the other lane, taken before it
 */
public record Turn(WorkerHeartbeat worker, long laneJobs, long otherJobs) {
  /** As workers' schedules have it by default. */
  private static final int BATCH_EVERY = 4;

  /** Behind all jobs that the owner of a partition has; empty without an owner. */
  public static Optional<Turn> last(ClusterView view, Lane lane, int partition) {
    return view.owner(partition)
        .map(owner -> of(owner, lane, jobs(view, lane, owner), jobs(view, other(lane), owner)));
  }

  /**
   * Where a record stands; empty without an owner. Other partitions of the same worker are taken to
   * be as far as its own.
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

  /** GPU-seconds before the job; empty when something is, and the worker has measured nothing. */
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

  /** Until the worker begins the job. */
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
