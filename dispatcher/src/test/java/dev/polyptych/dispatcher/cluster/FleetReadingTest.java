package dev.polyptych.dispatcher.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.PlayedWorker;
import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.job.Lane;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Four partitions in each lane; the worker has 0 and 1. */
class FleetReadingTest {
  @Test
  void whatLiesOnKafkaOfBothLanesCountsByTheWorkersOwnMean() {
    WorkerHeartbeat idle = PlayedWorker.heartbeat("w", List.of(0, 1), PlayedWorker.MEASURED);

    FleetWorker worker = read(lanes(new long[] {3, 1, 9, 9}, new long[] {0, 1, 9, 9}), idle);

    assertEquals(5 * 2.0, worker.outstandingSeconds(), 1e-9);
  }

  @Test
  void whatTheWorkerHasTakenCountsAsItSaysAndOnlyTheRestByTheMean() {
    WorkerHeartbeat busy = taken(2, new WorkerLoad(1e-5, 0, 2, 0.5, 7, List.of()));

    FleetWorker worker = read(lanes(new long[] {5, 0, 0, 0}, new long[4]), busy);

    // One in hand and two waiting are 7.5 s; the mean of the waiting ones is 3.5 s.
    assertEquals(7.5 + 2 * 3.5, worker.outstandingSeconds(), 1e-9);
  }

  @Test
  void whatWasSettledSinceTheHeartbeatNoLongerCounts() {
    WorkerHeartbeat busy = taken(2, new WorkerLoad(1e-5, 0, 2, 1, 5, List.of()));

    assertEquals(0, read(lanes(new long[4], new long[4]), busy).outstandingSeconds(), 1e-9);
    assertEquals(
        2, read(lanes(new long[] {1, 0, 0, 0}, new long[4]), busy).outstandingSeconds(), 1e-9);
  }

  @Test
  void aWorkerThatHasMeasuredNothingGoesByTheOthersAndAloneByTheNumberOfJobs() {
    WorkerHeartbeat fresh = PlayedWorker.heartbeat("w", List.of(0), WorkerLoad.NONE);
    WorkerHeartbeat other = PlayedWorker.heartbeat("x", List.of(2), PlayedWorker.MEASURED);
    LanePositions lanes = lanes(new long[] {4, 0, 0, 0}, new long[4]);

    assertEquals(4 * 2.0, read(lanes, fresh, other).outstandingSeconds(), 1e-9);
    assertEquals(4 * 1.0, read(lanes, fresh).outstandingSeconds(), 1e-9);
  }

  @Test
  void adaptersAreWhereTheHeartbeatSaysAndAWorkerThatLoadsIsMarked() {
    WorkerHeartbeat ready =
        PlayedWorker.heartbeat(
            "w", List.of(0), new WorkerLoad(0, 0, 0, 0, 0, List.of("couple-profile", "font")));

    FleetWorker worker = read(lanes(new long[4], new long[4]), ready);

    assertEquals(Tier.WARM, worker.residency().of("couple-profile"));
    assertEquals(Tier.HOST, worker.residency().of("font"));
    assertEquals(Tier.ABSENT, worker.residency().of("logo"));
    assertTrue(!worker.loading());
  }

  @Test
  void aPartitionHasTheOwnerThatSaysSo() {
    WorkerHeartbeat one = PlayedWorker.heartbeat("one", List.of(0, 3), PlayedWorker.MEASURED);
    WorkerHeartbeat two = PlayedWorker.heartbeat("two", List.of(1, 77), PlayedWorker.MEASURED);

    Fleet fleet =
        FleetReading.of(List.of(one, two), lanes(new long[4], new long[4]), PlayedWorker.STARTED);

    assertEquals(Optional.of("one"), fleet.owner(3).map(FleetWorker::id));
    assertEquals(Optional.of("two"), fleet.owner(1).map(FleetWorker::id));
    assertEquals(Optional.empty(), fleet.owner(2));
    // What the lanes do not have is nowhere to send a job to.
    assertEquals(List.of(1), fleet.workers().get(1).partitions());
  }

  private static WorkerHeartbeat taken(int waiting, WorkerLoad load) {
    return new WorkerHeartbeat(
        1,
        "w",
        "tiny",
        "cpu",
        "float32",
        Optional.empty(),
        0,
        Optional.of("j-1"),
        0.1,
        waiting,
        List.of(0, 1),
        PlayedWorker.STARTED,
        load,
        Abilities.Report.NONE,
        Optional.of(List.of()),
        List.of());
  }

  private static FleetWorker read(LanePositions lanes, WorkerHeartbeat... workers) {
    return FleetReading.of(List.of(workers), lanes, PlayedWorker.STARTED).workers().getFirst();
  }

  private static LanePositions lanes(long[] interactive, long[] batch) {
    return new LanePositions(
        Map.of(Lane.INTERACTIVE, new long[4], Lane.BATCH, new long[4]),
        Map.of(Lane.INTERACTIVE, interactive, Lane.BATCH, batch));
  }
}
