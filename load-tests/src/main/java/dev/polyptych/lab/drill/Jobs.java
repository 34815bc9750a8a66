package dev.polyptych.lab.drill;

import dev.polyptych.lab.bench.ExampleJobs;
import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.process.Await;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.Reference;
import dev.polyptych.schema.json.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Submits jobs like a well-behaved caller: with a key, repeatedly until they are accepted. */
final class Jobs {
  private static final Duration ACCEPTED_WITHIN = Duration.ofMinutes(3);
  private static final Duration DONE_WITHIN = Duration.ofMinutes(5);

  private final DrillClient api;
  private final List<Task> tasks;
  private final Accepted accepted;
  private final JobEnds ends = new JobEnds();
  private final AtomicInteger count = new AtomicInteger();

  Jobs(DrillClient api, List<Task> tasks, Accepted accepted) {
    this.api = api;
    this.tasks = tasks;
    this.accepted = accepted;
  }

  /**
   * Submits a job of the next task and records its id when it is accepted.
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

  /** The ids that were answered with 202. */
  Accepted accepted() {
    return accepted;
  }

  /** How jobs ended, as their callers were told. */
  JobEnds ends() {
    return ends;
  }

  /** The ids that were answered with 202, without those that a loss of Redis made it forget. */
  List<String> remembered() {
    return ends.remembered(accepted.ids());
  }

  /** The end of a job; empty while it is open, and without an answer. */
  Optional<JobStatus> ended(String id) throws InterruptedException {
    Optional<JobStatus> job = api.status(id);
    job.ifPresent(ends::see);
    return job.filter(status -> status.state().terminal());
  }

  /** Submits a job once and says whether it was accepted. */
  boolean takenAtOnce() throws InterruptedException {
    Optional<String> id = api.submit(next(Lane.BATCH, 1), UUID.randomUUID().toString());
    id.ifPresent(accepted::note);
    return id.isPresent();
  }

  /** Waits until a job is done. Any other end fails the drill. */
  JobStatus awaitDone(String id) throws InterruptedException {
    JobStatus end = Await.until("job " + id + " to end", DONE_WITHIN, () -> ended(id));
    if (end.state() != JobState.DONE) {
      throw new DrillFailedException("job %s ended %s".formatted(id, end.state().text()));
    }
    return end;
  }

  /**
   * Submits a job that is not to be done, so it is not recorded.
   *
   * @param references pictures that it starts from
   */
  String submitDoomed(int steps, List<Reference> references) throws InterruptedException {
    JobRequest request = request(Lane.INTERACTIVE, steps).withReferences(references);
    byte[] body = Json.bytes(request);
    String key = UUID.randomUUID().toString();
    return Await.until("a job to be accepted", ACCEPTED_WITHIN, () -> api.submit(body, key));
  }

  private byte[] next(Lane lane, int steps) {
    return Json.bytes(request(lane, steps));
  }

  private JobRequest request(Lane lane, int steps) {
    int number = count.getAndIncrement();
    Task task = tasks.get(number % tasks.size());
    return ExampleJobs.of(task, number, steps, lane);
  }

  /** The task's example as a request. */
  static byte[] body(Task task, int number, int steps, Lane lane) {
    return Json.bytes(ExampleJobs.of(task, number, steps, lane));
  }

  /** What it submits jobs of. */
  List<Task> tasks() {
    return tasks;
  }

  /** The ids that were answered with 202. Each is written to a file before it is used. */
  static final class Accepted implements AutoCloseable {
    private final BufferedWriter file;
    private final Set<String> ids = new LinkedHashSet<>();

    Accepted(Path path) throws IOException {
      this.file =
          Files.newBufferedWriter(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    synchronized void note(String id) {
      if (ids.add(id)) {
        try {
          file.write(id);
          file.newLine();
          file.flush();
        } catch (IOException full) {
          throw new UncheckedIOException("the accepted job " + id + " can't be written down", full);
        }
      }
    }

    synchronized List<String> ids() {
      return List.copyOf(ids);
    }

    @Override
    public synchronized void close() throws IOException {
      file.close();
    }
  }
}
