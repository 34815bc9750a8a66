package dev.polyptych.lab.bench.startup;

import dev.polyptych.lab.bench.dispatch.BenchJob;
import dev.polyptych.lab.process.Await;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Submits the job whose first step is waited for. */
final class FirstJob {
  private static final Duration WITHIN = Duration.ofMinutes(2);
  private static final int STEPS = 4;

  private final HttpClient http = HttpClient.newHttpClient();
  private final byte[] body;

  FirstJob(Task task) {
    this.body = BenchJob.of(task, STEPS).body();
  }

  /** As soon as the dispatcher takes it; its id. */
  String submit(URI dispatcher) throws InterruptedException {
    return Await.until("a job to be accepted", WITHIN, () -> accepted(dispatcher));
  }

  /** Waits for its end. */
  void awaitEnd(URI dispatcher, String id) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(dispatcher.resolve("/v1/jobs/" + id)).build();
    Await.until(
        "job " + id + " to end",
        WITHIN,
        () -> sent(request, 200).map(JobStatus::state).filter(state -> state.terminal()));
  }

  private Optional<String> accepted(URI dispatcher) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(dispatcher.resolve("/v1/jobs"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return sent(request, 202).map(JobStatus::id);
  }

  private Optional<JobStatus> sent(HttpRequest request, int expected) throws InterruptedException {
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      return response.statusCode() == expected
          ? Optional.of(Json.mapper().readValue(response.body(), JobStatus.class))
          : Optional.empty();
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }
}
