package dev.polyptych.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Talks to one dispatcher; every method blocks and may be used by any thread. */
public final class DispatcherClient implements AutoCloseable {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /** How often a broken event stream is taken up again without any event in between. */
  private static final int FRUITLESS_RECONNECTS = 5;

  private final URI dispatcher;
  private final Optional<String> key;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  /** For a dispatcher that asks for no key. */
  public DispatcherClient(URI dispatcher) {
    this(dispatcher, Optional.empty());
  }

  public DispatcherClient(URI dispatcher, Optional<String> key) {
    this.dispatcher = dispatcher;
    this.key = key;
  }

  /**
   * Whether a dispatcher of ours answers at the address, be it with the question for a key; it is
   * not shown the key.
   */
  public boolean answers() throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(dispatcher.resolve("/v1/tasks")).timeout(ANSWER_TIMEOUT).build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      JsonNode body = Json.mapper().readTree(response.body());
      return response.statusCode() == 200
          ? body.has("tasks")
          : body.path("code").asText().equals(ErrorCode.UNAUTHENTICATED.name());
    } catch (IOException nobody) {
      return false;
    }
  }

  /**
   * @param job a job as JSON
   * @throws RefusedException with the problem that the dispatcher found
   */
  public JobStatus submit(byte[] job) throws IOException, InterruptedException {
    HttpRequest request =
        request("/v1/jobs")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(job))
            .build();
    return Json.mapper().readValue(send(request), JobStatus.class);
  }

  public JobStatus status(String id) throws IOException, InterruptedException {
    return Json.mapper().readValue(send(get("/v1/jobs/" + id)), JobStatus.class);
  }

  /**
   * Why a job is where it is.
   *
   * @return as the HTTP interface gives it: a newer dispatcher may have reasons unknown here
   */
  public JsonNode why(String id) throws IOException, InterruptedException {
    return Json.mapper().readTree(send(get("/v1/jobs/" + id + "/why")));
  }

  /** The live workers, as the HTTP interface gives them. */
  public JsonNode workers() throws IOException, InterruptedException {
    return Json.mapper().readTree(send(get("/v1/workers")));
  }

  /** Where the jobs of a task go, as the HTTP interface gives it. */
  public JsonNode placement(String task) throws IOException, InterruptedException {
    String encoded = URLEncoder.encode(task, StandardCharsets.UTF_8).replace("+", "%20");
    return Json.mapper().readTree(send(get("/v1/tasks/" + encoded + "/placement")));
  }

  /**
   * Follows a job to its end, over broken connections too; no event is missed or told twice.
   *
   * @return the last event, which is terminal
   */
  public JobEvent follow(String id, Consumer<JobEvent> onEvent)
      throws IOException, InterruptedException {
    EventReader reader = new EventReader(onEvent);
    int fruitless = 0;
    while (reader.terminal().isEmpty()) {
      String before = reader.lastEventId();
      IOException end = readToEnd(id, reader);
      fruitless = reader.lastEventId().equals(before) ? fruitless + 1 : 0;
      if (end instanceof RefusedException || fruitless > FRUITLESS_RECONNECTS) {
        throw end;
      }
    }
    return reader.terminal().get();
  }

  /**
   * @param path below the job: {@code sheet} or {@code panels/1}
   */
  public byte[] image(String id, String path) throws IOException, InterruptedException {
    return send(get("/v1/jobs/" + id + "/" + path));
  }

  /** What a done job was drawn with, as JSON. */
  public byte[] receipt(String id) throws IOException, InterruptedException {
    return send(get("/v1/jobs/" + id + "/receipt"));
  }

  @Override
  public void close() {
    http.close();
  }

  /** Reads one connection; answers why it ended, which no longer matters after the last event. */
  private IOException readToEnd(String id, EventReader reader) throws InterruptedException {
    try {
      read(id, reader);
      return new IOException("the dispatcher ended the events of job " + id + " before the job");
    } catch (IOException broken) {
      return broken;
    }
  }

  private void read(String id, EventReader reader) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        unlimited("/v1/jobs/" + id + "/events").header("Accept", "text/event-stream");
    if (!reader.lastEventId().isEmpty()) {
      request.header("Last-Event-ID", reader.lastEventId());
    }
    HttpResponse<Stream<String>> response = http.send(request.build(), BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      if (response.statusCode() != 200) {
        throw refused(response.statusCode(), lines.collect(Collectors.joining("\n")));
      }
      lines.takeWhile(_ -> reader.terminal().isEmpty()).forEach(reader::line);
    } catch (java.io.UncheckedIOException broken) {
      throw broken.getCause();
    }
  }

  private byte[] send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response;
    try {
      response = http.send(request, BodyHandlers.ofByteArray());
    } catch (ConnectException | HttpConnectTimeoutException nobody) {
      throw new IOException(
          "no dispatcher answers at " + dispatcher + "; start one, or name another: --dispatcher",
          nobody);
    }
    if (response.statusCode() >= 300) {
      throw refused(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
    }
    return response.body();
  }

  private static RefusedException refused(int status, String body) {
    try {
      Problem problem = Json.mapper().readValue(body, Problem.class);
      Stream<String> lines =
          problem.errors().isEmpty()
              ? Stream.of(problem.detail())
              : problem.errors().stream().map(DispatcherClient::line);
      return new RefusedException(problem.title() + ": " + lines.collect(Collectors.joining("; ")));
    } catch (JsonProcessingException noProblem) {
      return new RefusedException("the dispatcher answered " + status + ": " + body);
    }
  }

  private static String line(FieldProblem problem) {
    return problem.field().isEmpty() ? problem.detail() : problem.field() + " " + problem.detail();
  }

  private HttpRequest get(String path) {
    return request(path).GET().build();
  }

  private HttpRequest.Builder request(String path) {
    return unlimited(path).timeout(ANSWER_TIMEOUT);
  }

  private HttpRequest.Builder unlimited(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(dispatcher.resolve(path));
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request;
  }
}
