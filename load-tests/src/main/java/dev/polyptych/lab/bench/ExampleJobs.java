package dev.polyptych.lab.bench;

import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.Lane;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Makes the requests that benches and drills submit: examples of tasks. */
public final class ExampleJobs {
  private ExampleJobs() {}

  /** The task's example with its default number of steps. */
  public static JobRequest of(Task task) {
    return request(task, 1, OptionalInt.empty(), Optional.empty());
  }

  /** The task's example with this many steps. */
  public static JobRequest of(Task task, long seed, int steps) {
    return request(task, seed, OptionalInt.of(steps), Optional.empty());
  }

  /** The task's example with this many steps, on a lane. */
  public static JobRequest of(Task task, long seed, int steps, Lane lane) {
    return request(task, seed, OptionalInt.of(steps), Optional.of(lane));
  }

  private static JobRequest request(Task task, long seed, OptionalInt steps, Optional<Lane> lane) {
    return JobRequest.of(
            new JobRequest.Scene(task.id(), task.example().prompt(), task.example().panels()),
            JobRequest.SamplingChoice.of(OptionalLong.of(seed), steps))
        .with(JobRequest.DeliveryTerms.OPEN.onLane(lane));
  }
}
