package dev.polyptych.gatling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Measures how many jobs per second the cluster finishes while jobs always wait. */
final class Capacity {
  /** Number of callers. Each has one open job at any time. */
  private static final int CALLERS = 8;

  private static final Duration WAIT = Duration.ofSeconds(60);

  private Capacity() {}

  /**
   * Renders one job of each task as a warm-up. Then callers submit a new job as soon as the last
   * one is done.
   *
   * @throws IOException if a job was not done
   */
  static double jobsPerSecond(DispatcherClient client, Duration during)
      throws IOException, InterruptedException {
    ExampleRequests requests = ExampleRequests.of(client);
    for (ObjectNode example : requests.examples()) {
      render(client, example);
    }
    long begun = System.nanoTime();
    long ends = begun + during.toNanos();
    int done = 0;
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var counts =
          IntStream.range(0, CALLERS)
              .mapToObj(caller -> callers.submit(() -> renderUntil(client, requests, ends)))
              .toList();
      for (Future<Integer> count : counts) {
        done += count.get();
      }
    } catch (ExecutionException failed) {
      throw new IOException("the capacity could not be measured", failed.getCause());
    }
    return done / ((System.nanoTime() - begun) / 1e9);
  }

  private static int renderUntil(DispatcherClient client, ExampleRequests requests, long ends)
      throws IOException, InterruptedException {
    int done = 0;
    while (System.nanoTime() < ends) {
      render(client, requests.next());
      done++;
    }
    return done;
  }

  private static void render(DispatcherClient client, ObjectNode request)
      throws IOException, InterruptedException {
    JobStatus status = client.submitAndWait(Json.bytes(request), WAIT);
    if (status.state() != JobState.DONE) {
      throw new IOException("job %s was not done, but %s".formatted(status.id(), status.state()));
    }
  }
}
