package dev.polyptych.lab.drill;

import dev.polyptych.lab.process.Await;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Submits jobs as a good backend does: with a key, again and again until they are accepted. */
final class Jobs {
  private static final Duration ACCEPTED_WITHIN = Duration.ofMinutes(3);
  private static final Duration DONE_WITHIN = Duration.ofMinutes(5);

  private final Api api;
  private final List<Task> tasks;
  private final Accepted accepted;
  private final AtomicInteger count = new AtomicInteger();

  Jobs(Api api, List<Task> tasks, Accepted accepted) {
    this.api = api;
    this.tasks = tasks;
    this.accepted = accepted;
  }

  /**
   * Submits one of the tasks, each in its turn, and notes that it was accepted.
   *
   * @return its id
   */
  String submit(Lane lane, int steps) throws InterruptedException {
    byte[] body = next(lane, steps);
    String key = UUID.randomUUID().toString();
    String id = Await.until("a job to be accepted", ACCEPTED_WITHIN, () -> api.submit(body, key));
    accepted.note(id);
    return id;
  }

  /** A try without a second one: whether it was accepted. */
  boolean takenAtOnce() throws InterruptedException {
    Optional<String> id = api.submit(next(Lane.BATCH, 1), UUID.randomUUID().toString());
    id.ifPresent(accepted::note);
    return id.isPresent();
  }

  /** Waits for a job's end, which must be a good one. */
  JobStatus awaitDone(String id) throws InterruptedException {
    JobStatus end =
        Await.until(
            "job " + id + " to end",
            DONE_WITHIN,
            () -> api.status(id).filter(status -> status.state().terminal()));
    if (end.state() != JobState.DONE) {
      throw new DrillFailedException("job %s ended %s".formatted(id, end.state().text()));
    }
    return end;
  }

  private byte[] next(Lane lane, int steps) {
    int number = count.getAndIncrement();
    Task task = tasks.get(number % tasks.size());
    return Json.bytes(
        new JobRequest(
            task.id(),
            task.example().prompt(),
            task.example().panels(),
            OptionalLong.of(number),
            OptionalInt.of(steps),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.of(lane),
            Optional.empty(),
            Optional.empty(),
            Map.of()));
  }
}
