package dev.polyptych.lab.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.client.RefusedException;
import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks processes that a drill may have stopped: no answer is a value. Safe for all threads. */
final class DrillClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int NOT_FOUND = 404;

  private final URI address;
  private final DispatcherClient dispatcher;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  private interface Question<T> {
    T ask() throws IOException, InterruptedException;
  }

  DrillClient(URI dispatcher) {
    this.address = dispatcher;
    this.dispatcher = new DispatcherClient(dispatcher, Optional.empty(), TIMEOUT);
  }

  /** What the dispatcher tells of a job. */
  sealed interface Sight {
    record Seen(JobStatus job) implements Sight {}

    /** It knows of no such job. */
    record Unknown() implements Sight {}

    /** It does not answer, or has no Redis. */
    record Silent() implements Sight {}
  }

  /** The client beneath: no answer is an exception. */
  DispatcherClient dispatcher() {
    return dispatcher;
  }

  /**
   * Submits once.
   *
   * @param key by which the dispatcher recognises the job when it is submitted again
   * @return the job's id; empty when it should be tried again
   * @throws DrillFailedException for a refusal that trying again does not cure
   */
  Optional<String> submit(byte[] job, String key) throws InterruptedException {
    try {
      return Optional.of(dispatcher.submit(job, key).id());
    } catch (RefusedException refused) {
      if (refused.temporary()) {
        return Optional.empty();
      }
      throw new DrillFailedException(
          "a submission was answered %d: %s".formatted(refused.status(), refused.getMessage()));
    } catch (IOException away) {
      return Optional.empty();
    }
  }

  /** Asks for a job once. */
  Sight look(String id) throws InterruptedException {
    try {
      return new Sight.Seen(dispatcher.status(id));
    } catch (RefusedException refused) {
      return refused.status() == NOT_FOUND ? new Sight.Unknown() : new Sight.Silent();
    } catch (IOException away) {
      return new Sight.Silent();
    }
  }

  /** Empty without an answer. */
  Optional<JobStatus> status(String id) throws InterruptedException {
    return asked(() -> dispatcher.status(id));
  }

  /** The newest of a state; none without an answer. */
  List<JobStatus> jobs(JobState state) throws InterruptedException {
    return asked(() -> dispatcher.jobs(state)).orElse(List.of());
  }

  /** The partitions of a worker as the dispatcher sees them; empty without any. */
  Optional<List<Integer>> partitions(String worker) throws InterruptedException {
    return asked(dispatcher::workers)
        .map(answer -> partitions(answer.path("workers"), worker))
        .filter(partitions -> !partitions.isEmpty());
  }

  private static List<Integer> partitions(JsonNode workers, String id) {
    return workers
        .valueStream()
        .filter(worker -> worker.path("id").asText().equals(id))
        .flatMap(worker -> worker.path("partitions").valueStream())
        .map(JsonNode::intValue)
        .toList();
  }

  /** The status of the answer to an uploaded picture; empty without an answer. */
  Optional<Integer> upload(byte[] picture) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/v1/references"))
            .timeout(TIMEOUT)
            .header("Content-Type", "image/png")
            .PUT(BodyPublishers.ofByteArray(picture))
            .build();
    return asked(() -> http.send(request, BodyHandlers.discarding())).map(HttpResponse::statusCode);
  }

  /** Whether the dispatcher takes requests; its management port may open before. */
  boolean answers() throws InterruptedException {
    return asked(dispatcher::tasks).isPresent();
  }

  /** Whether a process says that it is ready. */
  boolean ready(int managementPort) throws InterruptedException {
    return management(managementPort, "/health/ready").isPresent();
  }

  /** Whether a process says that it is alive. Where not, it would be restarted. */
  boolean alive(int managementPort) throws InterruptedException {
    return management(managementPort, "/health/live").isPresent();
  }

  /** The sum of a counter over its labels; 0 without an answer. */
  long counter(int managementPort, String name) throws InterruptedException {
    return management(managementPort, "/metrics").map(text -> Counters.sum(text, name)).orElse(0L);
  }

  private static <T> Optional<T> asked(Question<T> question) throws InterruptedException {
    try {
      return Optional.of(question.ask());
    } catch (IOException away) {
      return Optional.empty();
    }
  }

  private Optional<String> management(int port, String path) throws InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(address).timeout(TIMEOUT).build();
    return asked(() -> http.send(request, BodyHandlers.ofString()))
        .filter(answer -> answer.statusCode() == 200)
        .map(HttpResponse::body);
  }

  @Override
  public void close() {
    dispatcher.close();
    http.shutdownNow();
  }
}
