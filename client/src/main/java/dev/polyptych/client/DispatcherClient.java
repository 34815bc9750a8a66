package dev.polyptych.client;

import static dev.polyptych.client.DispatcherHttp.encoded;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.BatchCancellation;
import dev.polyptych.schema.job.BatchSummary;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobPage;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Talks to one dispatcher. Every method blocks and may be used by any thread. A method throws
 * {@link RefusedException} when the dispatcher refuses, and another IOException when none answers.
 */
public final class DispatcherClient implements AutoCloseable {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /** How often a broken event stream is resumed without any event in between. */
  private static final int FRUITLESS_RECONNECTS = 5;

  private static final String JOBS = "/v1/jobs";

  private final DispatcherHttp http;

  /** For a dispatcher that asks for no key. */
  public DispatcherClient(URI dispatcher) {
    this(dispatcher, Optional.empty());
  }

  public DispatcherClient(URI dispatcher, Optional<String> key) {
    this(dispatcher, key, ANSWER_TIMEOUT);
  }

  /**
   * @param answerTimeout how long a request may take; event streams have no limit
   */
  public DispatcherClient(URI dispatcher, Optional<String> key, Duration answerTimeout) {
    this.http = new DispatcherHttp(dispatcher, key, answerTimeout);
  }

  /**
   * Whether a dispatcher answers at the address. A dispatcher that asks for a key answers, too; the
   * request does not show the key.
   */
  public boolean answers() throws InterruptedException {
    try {
      HttpResponse<String> response = http.anonymous("/v1/tasks");
      JsonNode body = Json.mapper().readTree(response.body());
      return response.statusCode() == 200
          ? body.has("tasks")
          : body.path("code").asText().equals(ErrorCode.UNAUTHENTICATED.name());
    } catch (IOException noAnswer) {
      return false;
    }
  }

  /** The tasks of the dispatcher's catalog, as the HTTP interface gives them. */
  public JsonNode tasks() throws IOException, InterruptedException {
    return Json.mapper().readTree(http.get("/v1/tasks"));
  }

  /**
   * @param job a job as JSON
   */
  public JobStatus submit(byte[] job) throws IOException, InterruptedException {
    return status(submission(job));
  }

  /**
   * Submits a job that may have been submitted before. The dispatcher takes one of the same key
   * only once.
   */
  public JobStatus submit(byte[] job, String idempotencyKey)
      throws IOException, InterruptedException {
    return status(submission(job).header("Idempotency-Key", idempotencyKey));
  }

  /**
   * Submits a job and waits for its end in the same request.
   *
   * @param wait at most so long, in whole seconds
   * @return the status at the end, or the current one when the wait is over
   */
  public JobStatus submitAndWait(byte[] job, Duration wait)
      throws IOException, InterruptedException {
    return status(
        submission(job)
            .header("Prefer", "wait=" + wait.toSeconds())
            .timeout(http.answerTimeout().plus(wait)));
  }

  public JobStatus status(String id) throws IOException, InterruptedException {
    return Json.mapper().readValue(http.get(JOBS + "/" + id), JobStatus.class);
  }

  /** The newest jobs in a state: one page. */
  public List<JobStatus> jobs(JobState state) throws IOException, InterruptedException {
    return jobs(Map.of("state", state.text())).jobs();
  }

  /**
   * Jobs, newest first: a page.
   *
   * @param filters by their names in the contract: {@code state}, {@code task}, {@code lane},
   *     {@code batch}, {@code metadata.KEY}, {@code createdAfter}, {@code limit}, {@code cursor}
   */
  public JobPage jobs(Map<String, String> filters) throws IOException, InterruptedException {
    String query =
        filters.entrySet().stream()
            .map(filter -> encoded(filter.getKey()) + "=" + encoded(filter.getValue()))
            .collect(Collectors.joining("&"));
    return Json.mapper().readValue(http.get(JOBS + "?" + query), JobPage.class);
  }

  /**
   * Why a job is where it is.
   *
   * @return as the HTTP interface gives it: a newer dispatcher may have reasons unknown here
   */
  public JsonNode why(String id) throws IOException, InterruptedException {
    return Json.mapper().readTree(http.get(JOBS + "/" + id + "/why"));
  }

  /** The live workers, as the HTTP interface gives them. */
  public JsonNode workers() throws IOException, InterruptedException {
    return Json.mapper().readTree(http.get("/v1/workers"));
  }

  /** Where the jobs of a task go, as the HTTP interface gives it. */
  public JsonNode placement(String task) throws IOException, InterruptedException {
    return Json.mapper().readTree(http.get("/v1/tasks/" + encoded(task) + "/placement"));
  }

  /** The bases, adapters and tasks of the cluster. */
  public RegistryClient registry() {
    return new RegistryClient(http);
  }

  /**
   * Follows a job to its end, over broken connections too. Each event is passed on exactly once.
   *
   * @return the last event, which is terminal
   */
  public JobEvent follow(String id, Consumer<JobEvent> onEvent)
      throws IOException, InterruptedException {
    EventLines reader = new EventLines(onEvent);
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

  /** Follows a job to its end and returns its status then. */
  public JobStatus await(String id) throws IOException, InterruptedException {
    var _ = follow(id, _ -> {});
    return status(id);
  }

  /**
   * Writes the panels and the sheet of a done job.
   *
   * @return the files, the sheet last
   */
  public List<Path> download(JobStatus job, Path folder) throws IOException, InterruptedException {
    PanelSetFiles files = new PanelSetFiles(folder, job.format().text());
    List<Path> written = new ArrayList<>();
    for (int panel = 1; panel <= job.panels(); panel++) {
      written.add(files.writePanel(panel, image(job.id(), "panels/" + panel)));
    }
    written.add(files.writeSheet(image(job.id(), "sheet")));
    return written;
  }

  /**
   * @param path below the job: {@code sheet} or {@code panels/1}
   */
  public byte[] image(String id, String path) throws IOException, InterruptedException {
    return http.getLinked(JOBS + "/" + id + "/" + path);
  }

  /** Cancels a job that has not settled. */
  public JobStatus cancel(String id) throws IOException, InterruptedException {
    return status(http.request(JOBS + "/" + id).DELETE());
  }

  /**
   * Draws one panel of a done job again and keeps the others.
   *
   * @param panel from 1
   * @return the new job
   */
  public JobStatus reroll(String id, int panel) throws IOException, InterruptedException {
    return status(json(JOBS + "/" + id + "/panels/" + panel + ":reroll", new byte[] {'{', '}'}));
  }

  /**
   * Submits many jobs.
   *
   * @param lines NDJSON, a job a line
   * @return the verdicts and the tally at the end, as the HTTP interface gives them
   */
  public List<JsonNode> submitBatch(String lines) throws IOException, InterruptedException {
    List<JsonNode> answer = new ArrayList<>();
    submitBatch(BodyPublishers.ofString(lines), Optional.empty(), Optional.empty(), answer::add);
    return answer;
  }

  /**
   * Submits many jobs and passes on each line of the answer. The dispatcher may hold the batch back
   * at the tenant's rate for some minutes. This client reads no verdict before it has sent the
   * whole body, so send some hundred lines at a time, as requests of one batch.
   *
   * @param lines NDJSON, a job a line; at most 10,000
   * @param batch the id of the batch; the dispatcher makes one if it is empty
   * @param idempotencyKey under which the whole batch can be sent again
   * @param onLine gets a tally that names the batch, the verdicts in order, and a tally with counts
   */
  public void submitBatch(
      HttpRequest.BodyPublisher lines,
      Optional<String> batch,
      Optional<String> idempotencyKey,
      Consumer<JsonNode> onLine)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        http.request("/v1/jobs:batch" + batch.map(id -> "?batch=" + encoded(id)).orElse(""))
            .header("Content-Type", "application/x-ndjson")
            .POST(lines);
    idempotencyKey.ifPresent(text -> request.header("Idempotency-Key", text));
    http.readLines(
        request,
        answer -> {
          for (Iterator<String> read = answer.iterator(); read.hasNext(); ) {
            onLine.accept(Json.mapper().readTree(read.next()));
          }
        });
  }

  /** How far a batch is. */
  public BatchSummary batch(String id) throws IOException, InterruptedException {
    return Json.mapper().readValue(http.get(batchPath(id)), BatchSummary.class);
  }

  /** Cancels all jobs of a batch that have not settled. */
  public BatchCancellation cancelBatch(String id) throws IOException, InterruptedException {
    return Json.mapper()
        .readValue(http.send(http.request(batchPath(id)).DELETE()), BatchCancellation.class);
  }

  private static String batchPath(String id) {
    return "/v1/batches/" + encoded(id);
  }

  /**
   * Uploads a picture that jobs may refer to.
   *
   * @param type its media type, such as {@code image/png}
   * @return its key
   */
  public String keepReference(byte[] picture, String type)
      throws IOException, InterruptedException {
    HttpRequest.Builder upload =
        http.request("/v1/references")
            .header("Content-Type", type)
            .PUT(BodyPublishers.ofByteArray(picture));
    return Json.mapper().readTree(http.send(upload)).path("key").textValue();
  }

  /** What a done job was drawn with, as JSON. */
  public byte[] receipt(String id) throws IOException, InterruptedException {
    return http.get(JOBS + "/" + id + "/receipt");
  }

  @Override
  public void close() {
    http.close();
  }

  /** Reads one connection. Returns why it ended; after the last event, that does not matter. */
  private IOException readToEnd(String id, EventLines reader) throws InterruptedException {
    try {
      read(id, reader);
      return new IOException("the dispatcher ended the events of job " + id + " before the job");
    } catch (IOException broken) {
      return broken;
    }
  }

  private void read(String id, EventLines reader) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        http.unlimited(JOBS + "/" + id + "/events").header("Accept", "text/event-stream");
    if (!reader.lastEventId().isEmpty()) {
      request.header("Last-Event-ID", reader.lastEventId());
    }
    http.readLines(
        request, lines -> lines.takeWhile(_ -> reader.terminal().isEmpty()).forEach(reader::line));
  }

  private HttpRequest.Builder submission(byte[] job) {
    return json(JOBS, job);
  }

  private HttpRequest.Builder json(String path, byte[] body) {
    return http.request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(body));
  }

  private JobStatus status(HttpRequest.Builder submission)
      throws IOException, InterruptedException {
    return Json.mapper().readValue(http.send(submission), JobStatus.class);
  }
}
