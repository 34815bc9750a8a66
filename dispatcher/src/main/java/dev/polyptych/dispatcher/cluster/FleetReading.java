package dev.polyptych.dispatcher.cluster;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.Lane;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Builds routing's view of the fleet from heartbeats and lanes. */
final class FleetReading {
  private final LanePositions positions;
  private final double meanSeconds;
  private final Instant at;

  private FleetReading(LanePositions positions, double meanSeconds, Instant at) {
    this.positions = positions;
    this.meanSeconds = meanSeconds;
    this.at = at;
  }

  /**
   * @param at when the lanes were read
   */
  static Fleet of(List<WorkerHeartbeat> workers, LanePositions positions, Instant at) {
    double mean =
        workers.stream()
            .mapToDouble(WorkerHeartbeat::meanJobSeconds)
            .filter(seconds -> seconds > 0)
            .average()
            .orElse(GpuTime.UNMEASURED_SECONDS);
    FleetReading reading = new FleetReading(positions, mean, at);
    return new Fleet(positions.partitions(), workers.stream().map(reading::worker).toList());
  }

  private FleetWorker worker(WorkerHeartbeat heartbeat) {
    return new FleetWorker(
        heartbeat.id(),
        heartbeat.partitions().stream().filter(own -> own < positions.partitions()).toList(),
        outstandingSeconds(heartbeat),
        at,
        heartbeat.loading(),
        heartbeat.residency(),
        heartbeat.load().swapSeconds(),
        heartbeat.can());
  }

  /**
   * The worker's own figure for the jobs that it has taken, plus a mean job's time for each job
   * that it had not taken at its heartbeat. The lanes were read after the heartbeat. If they hold
   * fewer jobs than the worker had taken, the others have settled.
   */
  private double outstandingSeconds(WorkerHeartbeat heartbeat) {
    long open =
        heartbeat.partitions().stream()
            .mapToLong(
                partition ->
                    Arrays.stream(Lane.values())
                        .mapToLong(lane -> positions.jobs(lane, partition))
                        .sum())
            .sum();
    int taken = heartbeat.waiting() + (heartbeat.job().isPresent() ? 1 : 0);
    double takenSeconds = heartbeat.load().outstandingSeconds();
    double own = heartbeat.meanJobSeconds();
    return open < taken
        ? takenSeconds * open / taken
        : takenSeconds + (open - taken) * (own > 0 ? own : meanSeconds);
  }
}
