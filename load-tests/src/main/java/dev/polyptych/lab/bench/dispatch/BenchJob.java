package dev.polyptych.lab.bench.dispatch;

import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.RenderRecord;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The one job that is submitted over and over: a task's example. */
public record BenchJob(String adapter, JobRequest request) {
  /** The example of a task in so many steps. */
  public static BenchJob of(Task task, int steps) {
    return new BenchJob(
        task.adapter(),
        new JobRequest(
            task.id(),
            task.example().prompt(),
            task.example().panels(),
            OptionalLong.of(1),
            OptionalInt.of(steps),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of()));
  }

  /** As a request's body, on one line. */
  public byte[] body() {
    return Json.bytes(request);
  }

  /** As the dispatcher produces it. */
  byte[] record() {
    return new RenderRecord(JobId.next(Clock.systemUTC()), "default", request).bytes();
  }

  int partition(int partitions) {
    return PartitionRanking.first(adapter, partitions);
  }
}
