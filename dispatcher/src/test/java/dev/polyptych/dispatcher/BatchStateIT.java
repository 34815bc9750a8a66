package dev.polyptych.dispatcher;

import static dev.polyptych.dispatcher.Batches.BAD;
import static dev.polyptych.dispatcher.Batches.GOOD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.dispatcher.http.ContractCheck;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch after its submission: read, followed, cancelled. */
class BatchStateIT {
  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private static RunningDispatcher running;
  private final String label = "batch-" + UUID.randomUUID();
  private final Batches batches = new Batches(running.caller());

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void aCancelledBatchHasNoOpenJob() {
    List<JsonNode> answer = batches.batch("?batch=" + label, GOOD.repeat(5));
    Worker.renders(running.store(), answer.get(1).path("id").textValue());

    HttpResponse<byte[]> cancelled = running.caller().delete("/v1/jobs?batch=" + label);
    HttpResponse<byte[]> again = running.caller().delete("/v1/jobs?batch=" + label);

    assertEquals(
        "{\"v\":1,\"batch\":\"" + label + "\",\"cancelled\":4,\"settled\":1}",
        ApiCaller.json(cancelled).toString());
    assertEquals(ApiCaller.json(cancelled), ApiCaller.json(again));
    String last = answer.get(5).path("id").textValue();
    assertEquals("cancelled", running.store().status(last).orElseThrow().state().text());
  }

  /** What is submitted while it is cancelled is open or cancelled, and a second cancel ends it. */
  @Test
  void aBatchCancelledWhileItsLinesComeHasNoOpenJobInTheEnd() {
    CompletableFuture<List<JsonNode>> submitted =
        CompletableFuture.supplyAsync(
            () -> batches.batch("?batch=" + label, GOOD.repeat(300)), THREADS);
    running.caller().until("/v1/jobs?limit=1&batch=" + label, jobs -> jobs.contains("\"id\""));

    running.caller().delete("/v1/batches/" + label);
    assertEquals(300, submitted.join().getLast().path("accepted").intValue());
    JsonNode last = ApiCaller.json(running.caller().delete("/v1/batches/" + label));

    assertEquals(300, last.path("cancelled").intValue());
    JsonNode summary = ApiCaller.json(running.caller().get("/v1/batches/" + label));
    assertEquals(300, summary.at("/counts/cancelled").intValue());
    assertTrue(summary.path("settled").booleanValue());
  }

  @Test
  void aSummaryCountsTheJobsByState() {
    List<JsonNode> answer = batches.batch("?batch=" + label, GOOD.repeat(5) + BAD);
    Worker.renders(running.store(), Batches.id(answer, 1));
    int attempt = Worker.claims(running.store(), Batches.id(answer, 2));
    running
        .store()
        .fail(Batches.id(answer, 2), attempt, new JobError(ErrorCode.RENDER_FAILED, "no light"));
    Worker.claims(running.store(), Batches.id(answer, 3));
    running.caller().delete("/v1/jobs/" + Batches.id(answer, 4));

    JsonNode summary = ApiCaller.json(running.caller().get("/v1/batches/" + label));

    assertEquals(
        "{\"accepted\":0,\"queued\":1,\"rendering\":1,\"done\":1,\"failed\":1,\"cancelled\":1,"
            + "\"expired\":0}",
        summary.path("counts").toString());
    assertEquals(5, summary.path("jobs").intValue());
    assertFalse(summary.path("settled").booleanValue());
    assertTrue(summary.path("finished").isMissingNode());
    assertEquals(
        "[{\"job\":\"%s\",\"state\":\"failed\",\"error\":{\"code\":\"RENDER_FAILED\",\"detail\":\"no light\"}}]"
            .formatted(Batches.id(answer, 2)),
        summary.path("failures").toString());
    JsonNode jobs = ApiCaller.json(running.caller().get(summary.at("/links/jobs").textValue()));
    assertEquals(5, jobs.path("jobs").size());
  }

  @Test
  void aSummaryCountsJobsWhoseRecordsHaveExpired() {
    List<JsonNode> answer = batches.batch("?batch=" + label, GOOD.repeat(3));
    Worker.renders(running.store(), Batches.id(answer, 1));
    Worker.renders(running.store(), Batches.id(answer, 2));
    running.caller().delete("/v1/jobs/" + Batches.id(answer, 3));
    running.redis().call(jedis -> jedis.del("job:{" + Batches.id(answer, 1) + "}"));

    JsonNode summary = ApiCaller.json(running.caller().get("/v1/batches/" + label));

    assertEquals(2, summary.at("/counts/done").intValue());
    assertEquals(1, summary.at("/counts/cancelled").intValue());
    assertTrue(summary.path("settled").booleanValue());
    assertTrue(summary.hasNonNull("finished"));
  }

  @Test
  void aBatchIsCancelledWhereItIsRead() {
    batches.batch("?batch=" + label, GOOD.repeat(3));

    JsonNode cancelled = ApiCaller.json(running.caller().delete("/v1/batches/" + label));
    JsonNode summary = ApiCaller.json(running.caller().get("/v1/batches/" + label));

    assertEquals(
        "{\"v\":1,\"batch\":\"" + label + "\",\"cancelled\":3,\"settled\":0}",
        cancelled.toString());
    assertEquals(3, summary.at("/counts/cancelled").intValue());
    assertTrue(summary.path("settled").booleanValue());
  }

  @Test
  void theIndexOfABatchOutlivesARecordThatSettlesLate() {
    batches.batch("?batch=" + label, GOOD);

    long seconds = running.redis().call(jedis -> jedis.ttl("batch:default:" + label));

    Retention kept = Retention.DEFAULT;
    assertTrue(seconds > kept.tombstones().toSeconds(), () -> seconds + " s");
    assertTrue(seconds <= kept.tombstones().plus(kept.records()).toSeconds(), () -> seconds + " s");
  }

  @Test
  void aReaderIsToldHowTheBatchSettlesAndThatItHasSeenItsEnd() {
    List<JsonNode> answer = batches.batch("?batch=" + label, GOOD.repeat(3));
    Worker.renders(running.store(), Batches.id(answer, 1));
    HttpResponse<Stream<String>> stream =
        running
            .caller()
            .send(
                running.caller().request("/v1/batches/" + label + "/events"),
                HttpResponse.BodyHandlers.ofLines());
    ContractCheck.checkHead(stream);
    try (Stream<String> lines = stream.body()) {
      Iterator<String> read = lines.iterator();
      assertEquals("id: 3-1", next(read));
      assertEquals("event: progress", next(read));
      String progress = next(read);
      assertTrue(progress.contains("\"queued\":2,\"rendering\":0,\"done\":1"), progress);

      running.caller().delete("/v1/batches/" + label);

      assertEquals("id: 3-3", next(read));
      assertEquals("event: settled", next(read));
      assertTrue(next(read).contains("\"cancelled\":2"));
      assertFalse(read.hasNext() && !read.next().isEmpty());
    }
    HttpResponse<byte[]> again =
        running.caller().get("/v1/batches/" + label + "/events?lastEventId=3-3");
    HttpResponse<byte[]> earlier =
        running.caller().get("/v1/batches/" + label + "/events?lastEventId=3-1");
    assertEquals(204, again.statusCode());
    assertTrue(new String(earlier.body(), UTF_8).contains("id: 3-3\nevent: settled"));
  }

  private static String next(Iterator<String> lines) {
    String line = lines.next();
    while (line.isEmpty() || line.startsWith(":") || line.startsWith("retry")) {
      line = lines.next();
    }
    return line;
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "3"})
  void anEventIdThatIsNoneIsNamed(String id) {
    HttpResponse<byte[]> answer =
        running.caller().get("/v1/batches/" + label + "/events?lastEventId=" + id);

    assertEquals(422, answer.statusCode());
    assertEquals("lastEventId", ApiCaller.json(answer).at("/errors/0/field").textValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "a%20b"})
  void aBatchThatIsNoneIsUnknown(String batch) {
    HttpResponse<byte[]> read = running.caller().get("/v1/batches/" + batch);
    HttpResponse<byte[]> cancelled = running.caller().delete("/v1/batches/" + batch);

    assertEquals(404, read.statusCode());
    assertEquals("UNKNOWN_BATCH", ApiCaller.json(read).path("code").textValue());
    assertEquals(ApiCaller.json(read), ApiCaller.json(cancelled));
    HttpResponse<byte[]> events = running.caller().get("/v1/batches/" + batch + "/events");
    assertEquals(ApiCaller.json(read), ApiCaller.json(events));
  }

  @Test
  void aBatchThatIsNoneCanNotBeCancelled() {
    HttpResponse<byte[]> unknown = running.caller().delete("/v1/jobs?batch=" + label);
    HttpResponse<byte[]> unsaid = running.caller().delete("/v1/jobs");

    assertEquals(404, unknown.statusCode());
    assertEquals("UNKNOWN_BATCH", ApiCaller.json(unknown).path("code").textValue());
    assertEquals(422, unsaid.statusCode());
    assertEquals("batch", ApiCaller.json(unsaid).at("/errors/0/field").textValue());
  }
}
