package dev.polyptych.worker.fleet;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.fleet.WorkerLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The fleet as one worker sees it: itself as it is now, and the others by their last heartbeats
 * plus what it has handed over to them since. Not thread-safe.
 */
final class FleetView {
  /** A heartbeat reports a handed-over job at most this much later. */
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(1);

  private final String self;
  private final Map<String, List<Given>> given = new HashMap<>();
  private final Map<String, Beat> beats = new HashMap<>();

  private record Given(double seconds, Instant at) {}

  /** A heartbeat and the local time of its first sight, so no two clocks are compared. */
  private record Beat(WorkerHeartbeat heartbeat, Instant seenAt) {}

  FleetView(String self) {
    this.self = self;
  }

  /**
   * A snapshot for routing.
   *
   * @param own current load of this worker
   */
  Fleet fleet(Collection<WorkerHeartbeat> live, WorkerLoad own, Instant now) {
    int partitions =
        1 + live.stream().flatMap(w -> w.partitions().stream()).mapToInt(k -> k).max().orElse(-1);
    List<FleetWorker> workers = new ArrayList<>();
    for (WorkerHeartbeat worker : live) {
      Instant seen = seenAt(worker, now);
      boolean me = worker.id().equals(self);
      double load = me ? own.outstandingSeconds() : outstanding(worker, seen);
      workers.add(
          new FleetWorker(
              worker.id(),
              worker.partitions(),
              load,
              seen,
              worker.loading(),
              worker.residency(),
              worker.load().swapSeconds(),
              worker.can()));
    }
    beats.keySet().retainAll(workers.stream().map(FleetWorker::id).toList());
    given.keySet().retainAll(beats.keySet());
    return new Fleet(partitions, workers);
  }

  /** Adds work that was handed over to another worker. */
  void gave(String worker, double seconds, Instant at) {
    given.computeIfAbsent(worker, unknown -> new ArrayList<>()).add(new Given(seconds, at));
  }

  private Instant seenAt(WorkerHeartbeat worker, Instant now) {
    Beat last = beats.get(worker.id());
    if (last != null && Objects.equals(last.heartbeat(), worker)) {
      return last.seenAt();
    }
    beats.put(worker.id(), new Beat(worker, now));
    return now;
  }

  private double outstanding(WorkerHeartbeat worker, Instant seenAt) {
    List<Given> underWay = given.getOrDefault(worker.id(), new ArrayList<>());
    underWay.removeIf(work -> work.at().plus(ON_ITS_WAY).isBefore(seenAt));
    double coming = underWay.stream().mapToDouble(Given::seconds).sum();
    return worker.load().outstandingSeconds() + coming;
  }
}
