package dev.polyptych.dispatcher.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.dispatcher.PlayedWorker;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.job.Lane;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A worker with partitions 0 and 1; partition 2 is nobody's. */
class TurnTest {
  private final WorkerHeartbeat worker =
      PlayedWorker.heartbeat("w", List.of(0, 1), PlayedWorker.MEASURED);

  @Test
  void interactiveWaitsForItsLaneAndForBatchsShare() {
    Turn turn =
        Turn.last(view(new long[] {6, 2, 9}, new long[] {50, 50, 9}), interactive(), 0).get();

    assertEquals(8, turn.laneJobs());
    assertEquals(2, turn.otherJobs());
    assertEquals(Optional.of(20.0), turn.gpuSeconds());
  }

  @Test
  void batchWaitsForInteractiveButForNoMoreThanFourToEachOfItsTurns() {
    Turn quiet = Turn.last(view(new long[] {3, 0, 9}, new long[] {2, 0, 9}), Lane.BATCH, 1).get();
    Turn busy = Turn.last(view(new long[] {900, 0, 0}, new long[] {2, 0, 0}), Lane.BATCH, 1).get();

    assertEquals(3, quiet.otherJobs());
    assertEquals(12, busy.otherJobs());
  }

  @Test
  void whatStandsBehindARecordDoesNotCount() {
    ClusterView view = view(new long[] {10, 4, 0}, new long[] {0, 0, 0});

    // Halfway through its own partition, and so taken to be halfway through the other one.
    assertEquals(5 + 2, Turn.at(view, interactive(), 0, 105).get().laneJobs());
    assertEquals(0, Turn.at(view, interactive(), 0, 99).get().laneJobs());
  }

  @Test
  void ofTheJobInHandOnlyTheRestCounts() {
    WorkerHeartbeat rendering =
        new WorkerHeartbeat(
            1,
            "w",
            "tiny",
            "cpu",
            "float32",
            Optional.empty(),
            0,
            Optional.of("j-1"),
            0.1,
            0,
            List.of(0),
            PlayedWorker.STARTED,
            new WorkerLoad(1e-5, 0, 2, 0.5, 0, List.of()),
            Abilities.Report.NONE,
            Optional.of(List.of()),
            List.of());

    assertEquals(Optional.of(4.5), new Turn(rendering, 3, 0).gpuSeconds());
  }

  @Test
  void withoutAMeasurementNothingIsMadeUp() {
    WorkerHeartbeat fresh = PlayedWorker.heartbeat("w", List.of(0), WorkerLoad.NONE);

    assertEquals(Optional.empty(), new Turn(fresh, 1, 0).delay());
  }

  @Test
  void aPartitionWithoutAWorkerHasNoTurns() {
    ClusterView view = view(new long[] {1, 1, 1}, new long[] {1, 1, 1});

    assertEquals(Optional.empty(), Turn.last(view, interactive(), 2));
  }

  @Test
  void aRecordThatWasWrittenSinceTheLookCounts() {
    ClusterView view = view(new long[] {1, 0, 0}, new long[] {0, 0, 0});

    view.positions().written(interactive(), 0, 104);
    view.positions().written(interactive(), 0, 102);

    assertEquals(5, Turn.last(view, interactive(), 0).get().laneJobs());
  }

  private static Lane interactive() {
    return Lane.INTERACTIVE;
  }

  /** All partitions are settled up to offset 100. */
  private ClusterView view(long[] interactive, long[] batch) {
    long[] settled = {100, 100, 100};
    return ClusterView.of(
        List.of(worker),
        new LanePositions(
            Map.of(Lane.INTERACTIVE, settled, Lane.BATCH, settled),
            Map.of(Lane.INTERACTIVE, ends(interactive), Lane.BATCH, ends(batch))),
        PlayedWorker.STARTED);
  }

  private static long[] ends(long[] jobs) {
    return java.util.Arrays.stream(jobs).map(count -> 100 + count).toArray();
  }
}
