package dev.polyptych.worker.fleet;

import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.fleet.WorkerLoad;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Workers as they tell of themselves. */
final class Heartbeats {
  private Heartbeats() {}

  static WorkerHeartbeat of(
      String id, Optional<String> adapter, Optional<String> job, int waiting) {
    return heartbeat(id, "cpu", adapter, job, waiting);
  }

  static WorkerHeartbeat loading(String id) {
    return heartbeat(id, WorkerHeartbeat.LOADING, Optional.empty(), Optional.empty(), 0);
  }

  private static WorkerHeartbeat heartbeat(
      String id, String device, Optional<String> adapter, Optional<String> job, int waiting) {
    return new WorkerHeartbeat(
        WorkerHeartbeat.VERSION,
        id,
        "tiny",
        device,
        "float32",
        adapter,
        1,
        job,
        0.1,
        waiting,
        List.of(0),
        Instant.EPOCH,
        WorkerLoad.NONE,
        Abilities.Report.NONE,
        Optional.of(List.of()),
        List.of());
  }
}
