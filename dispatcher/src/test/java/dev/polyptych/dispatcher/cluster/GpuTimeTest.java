package dev.polyptych.dispatcher.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.dispatcher.PlayedWorker;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.fleet.WorkerLoad;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GpuTimeTest {
  private final WorkerHeartbeat measured =
      PlayedWorker.heartbeat("measured", List.of(0), PlayedWorker.MEASURED);
  private final WorkerHeartbeat fresh =
      PlayedWorker.heartbeat("fresh", List.of(1), WorkerLoad.NONE);

  @Test
  void aWorkerThatHasMeasuredNothingDoesNotLowerTheMean() {
    GpuTime time = new GpuTime("tiny");

    assertEquals(
        time.seconds(10, 1000, view(measured)), time.seconds(10, 1000, view(measured, fresh)));
    assertEquals(Optional.of(0.6), time.seconds(10, 1000, view(measured, fresh)));
  }

  @Test
  void withoutAMeasurementNothingIsKnown() {
    assertEquals(Optional.empty(), new GpuTime("tiny").seconds(10, 1000, view(fresh)));
  }

  private static ClusterView view(WorkerHeartbeat... workers) {
    return ClusterView.of(List.of(workers), LanePositions.UNKNOWN, PlayedWorker.STARTED);
  }
}
