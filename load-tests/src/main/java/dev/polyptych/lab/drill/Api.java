package dev.polyptych.lab.drill;

import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.schema.job.JobPage;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Calls processes over HTTP. Any of them may be down. Safe for all threads. */
final class Api implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Set<Integer> TAKEN = Set.of(200, 202);
  private static final Set<Integer> TRY_AGAIN = Set.of(429, 503);

  private final URI dispatcher;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  Api(URI dispatcher) {
    this.dispatcher = dispatcher;
  }

  /**
   * Submits once.
   *
   * @param key idempotency key of the job
   * @return the job's id; empty if the caller should try again
   * @throws DrillFailedException for any other answer
   */
  Optional<String> submit(byte[] job, String key) throws InterruptedException {
    HttpRequest request =
        request(dispatcher.resolve("/v1/jobs"))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofByteArray(job))
            .build();
    try {
      HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
      if (TRY_AGAIN.contains(answer.statusCode())) {
        return Optional.empty();
      }
      if (!TAKEN.contains(answer.statusCode())) {
        throw new DrillFailedException(
            "a submission was answered %d: %s"
                .formatted(answer.statusCode(), Json.mapper().readTree(answer.body())));
      }
      return Optional.of(Json.mapper().readValue(answer.body(), JobStatus.class).id());
    } catch (IOException away) {
      return Optional.empty();
    }
  }

  /** Empty if there is no answer. */
  Optional<JobStatus> status(String id) throws InterruptedException {
    return read(dispatcher.resolve("/v1/jobs/" + id), JobStatus.class);
  }

  /** The newest jobs in a state; none if there is no answer. */
  List<JobStatus> jobs(JobState state) throws InterruptedException {
    return read(dispatcher.resolve("/v1/jobs?state=" + state.text()), JobPage.class)
        .map(JobPage::jobs)
        .orElse(List.of());
  }

  /** Whether a process reports that it is ready. */
  boolean ready(int managementPort) throws InterruptedException {
    return get(management(managementPort, "/health/ready")).isPresent();
  }

  /** Whether the dispatcher answers requests. Its management port may open earlier. */
  boolean answers() throws InterruptedException {
    return get(dispatcher.resolve("/v1/tasks")).isPresent();
  }

  /** The sum of a counter over its labels; 0 if there is no answer. */
  long counter(int managementPort, String name) throws InterruptedException {
    return get(management(managementPort, "/metrics"))
        .map(String::new)
        .map(text -> Counters.sum(text, name))
        .orElse(0L);
  }

  private <T> Optional<T> read(URI address, Class<T> type) throws InterruptedException {
    Optional<byte[]> body = get(address);
    try {
      return body.isEmpty()
          ? Optional.empty()
          : Optional.of(Json.mapper().readValue(body.get(), type));
    } catch (IOException unreadable) {
      throw new DrillFailedException(
          address
              + " was answered with no "
              + type.getSimpleName()
              + ": "
              + unreadable.getMessage());
    }
  }

  private Optional<byte[]> get(URI address) throws InterruptedException {
    try {
      HttpResponse<byte[]> answer = http.send(request(address).build(), BodyHandlers.ofByteArray());
      return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException away) {
      return Optional.empty();
    }
  }

  private static HttpRequest.Builder request(URI address) {
    return HttpRequest.newBuilder(address).timeout(PATIENCE);
  }

  private static URI management(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
