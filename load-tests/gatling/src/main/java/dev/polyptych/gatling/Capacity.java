package dev.polyptych.gatling;

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

  private Capacity() {}

  /**
   * Renders one job of each task as a warm-up. Then callers submit a new job as soon as the last
   * one is done.
   *
   * @throws IOException if a job was not done
   */
  static double jobsPerSecond(Api api, Duration during) throws IOException, InterruptedException {
    ExampleRequests requests = new ExampleRequests(api.examples());
    for (var example : api.examples()) {
      api.render(example);
    }
    long begun = System.nanoTime();
    long ends = begun + during.toNanos();
    int done = 0;
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var counts =
          IntStream.range(0, CALLERS)
              .mapToObj(caller -> callers.submit(() -> renderUntil(api, requests, ends)))
              .toList();
      for (Future<Integer> count : counts) {
        done += count.get();
      }
    } catch (ExecutionException failed) {
      throw new IOException("the capacity could not be measured", failed.getCause());
    }
    return done / ((System.nanoTime() - begun) / 1e9);
  }

  private static int renderUntil(Api api, ExampleRequests requests, long ends)
      throws IOException, InterruptedException {
    int done = 0;
    while (System.nanoTime() < ends) {
      api.render(requests.next());
      done++;
    }
    return done;
  }
}
