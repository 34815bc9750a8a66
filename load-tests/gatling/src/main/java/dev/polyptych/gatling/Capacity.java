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

/** How many jobs the cluster finishes a second when it always has some before it. */
final class Capacity {
  /** So many callers wait at any time; each has a job before the worker. */
  private static final int CALLERS = 8;

  private static final Duration WAIT = Duration.ofSeconds(60);

  private Capacity() {}

  /**
   * First one job of each task, so that everything is loaded, then callers that come back at once.
   *
   * @throws IOException when a job did not come to a good end
   */
  static double jobsPerSecond(DispatcherClient client, Duration during)
      throws IOException, InterruptedException {
    Requests requests = Requests.of(client);
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

  private static int renderUntil(DispatcherClient client, Requests requests, long ends)
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
