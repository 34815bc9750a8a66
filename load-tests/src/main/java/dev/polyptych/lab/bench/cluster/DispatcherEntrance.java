package dev.polyptych.lab.bench.cluster;

import dev.polyptych.schema.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicReference;

/** Ours: over HTTP, and the dispatcher routes. */
final class DispatcherEntrance implements Entrance {
  private static final int ACCEPTED = 202;

  private final HttpClient http;
  private final URI jobs;
  private final BenchJobs bench;
  private final AtomicReference<Object> refusal = new AtomicReference<>();

  DispatcherEntrance(HttpClient http, URI dispatcher, BenchJobs bench) {
    this.http = http;
    this.jobs = dispatcher.resolve("/v1/jobs");
    this.bench = bench;
  }

  @Override
  public void submit(int task, long seed) {
    HttpRequest request =
        HttpRequest.newBuilder(jobs)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(bench.job(task, seed))))
            .build();
    var _ =
        http.sendAsync(request, BodyHandlers.ofString())
            .whenComplete(
                (answer, failed) -> {
                  if (failed != null) {
                    refusal.compareAndSet(null, failed);
                  } else if (answer.statusCode() != ACCEPTED) {
                    refusal.compareAndSet(null, answer.statusCode() + " " + answer.body());
                  }
                });
  }

  @Override
  public void check() {
    if (refusal.get() != null) {
      throw new IllegalStateException("a job was not accepted: " + refusal.get());
    }
  }
}
