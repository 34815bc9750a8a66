package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.Reference;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.StoredRequests;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RerollIT {
  private static RunningDispatcher running;
  private static ApiCaller caller;

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
    caller = running.caller();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void theNewJobKeepsTheOtherPanelsAndIsLinkedToTheOld() {
    String old = rendered();

    HttpResponse<byte[]> answer = reroll(old, "1:reroll", "");

    JsonNode status = ApiCaller.json(answer);
    assertEquals(202, answer.statusCode());
    assertEquals(old, status.path("rerollOf").textValue());
    JobRequest request = request(status);
    assertEquals(List.of(2), request.references().stream().map(Reference::panel).toList());
    String key = request.references().getFirst().key();
    assertArrayEquals(
        "panel two".getBytes(UTF_8),
        new ReferenceStore(running.redis(), Retention.DEFAULT).find("default", key).orElseThrow());
    assertEquals(List.of("a black cat", "a white cat"), request.panels());
    assertNotEquals(
        new StoredRequests(running.redis()).find(old).orElseThrow().request().seed(),
        request.seed());
  }

  @Test
  void seedAndTextOfThePanelMayBeGiven() {
    JsonNode status =
        ApiCaller.json(reroll(rendered(), "2:reroll", "{\"seed\": 5, \"prompt\": \"a red cat\"}"));

    assertEquals(5, status.path("seed").longValue());
    assertEquals(List.of("a black cat", "a red cat"), request(status).panels());
  }

  @Test
  void whatCanNotBeDrawnAnewIsRefusedWithTheReason() {
    String done = rendered();
    String expired = rendered();
    running.redis().call(jedis -> jedis.del("job:{" + expired + "}:panel:2"));

    assertProblem(reroll("j-none", "1:reroll", ""), 404, "UNKNOWN_JOB");
    assertProblem(reroll(done, "3:reroll", ""), 404, "UNKNOWN_PANEL");
    assertProblem(reroll(done, "1", ""), 404, "UNKNOWN_PATH");
    assertProblem(reroll(caller.submitted(Requests.COUPLE), "1:reroll", ""), 409, "NOT_RENDERED");
    assertProblem(reroll(expired, "1:reroll", ""), 410, "RESULT_EXPIRED");
    assertProblem(reroll(done, "1:reroll", "{"), 400, "MALFORMED_JSON");
    assertProblem(reroll(done, "1:reroll", "{\"sed\": 1}"), 422, "INVALID_FIELD");
    assertProblem(reroll(done, "1:reroll", "{\"prompt\": \" \"}"), 422, "INVALID_FIELD");
  }

  @Test
  void aRepeatedKeyGetsTheFirstCallsJobEvenWhenTheOldPanelsAreGone() {
    String old = rendered();
    HttpResponse<byte[]> first = reroll(old, "1:reroll", "{}", "Idempotency-Key", "again-1");
    running.redis().call(jedis -> jedis.del("job:{" + old + "}:panel:2"));

    HttpResponse<byte[]> second = reroll(old, "1:reroll", "{}", "Idempotency-Key", "again-1");

    assertEquals(202, second.statusCode());
    assertEquals("true", second.headers().firstValue("Idempotent-Replayed").orElse(""));
    assertEquals(ApiCaller.json(first).path("id"), ApiCaller.json(second).path("id"));
    assertEquals(first.headers().firstValue("Location"), second.headers().firstValue("Location"));
  }

  @Test
  void aKeyNamesPanelAndBody() {
    String old = rendered();
    reroll(old, "1:reroll", "{}", "Idempotency-Key", "again-2");

    assertProblem(
        reroll(old, "2:reroll", "{}", "Idempotency-Key", "again-2"), 409, "IDEMPOTENCY_KEY_REUSED");
    assertProblem(
        reroll(old, "1:reroll", "{\"seed\": 1}", "Idempotency-Key", "again-2"),
        409,
        "IDEMPOTENCY_KEY_REUSED");
    assertProblem(reroll(old, "1:reroll", "{}", "Idempotency-Key", " "), 422, "INVALID_FIELD");
  }

  @Test
  void theAnswerWaitsForTheNewJobWhenTheCallerPrefersIt() throws Exception {
    String old = rendered();
    CompletableFuture<HttpResponse<byte[]>> answer =
        CompletableFuture.supplyAsync(
            () -> reroll(old, "1:reroll", "", "Idempotency-Key", "again-3", "Prefer", "wait=30"));

    Worker.renders(running.store(), newest(old));

    assertEquals(200, answer.get(30, TimeUnit.SECONDS).statusCode());
    assertEquals("wait=30", answer.get().headers().firstValue("Preference-Applied").orElse(""));
    assertEquals("done", ApiCaller.json(answer.get()).path("state").textValue());
  }

  /** The job that draws a panel of {@code old} again; the same key names it. */
  private static String newest(String old) {
    return ApiCaller.json(reroll(old, "1:reroll", "", "Idempotency-Key", "again-3"))
        .path("id")
        .textValue();
  }

  private static String rendered() {
    String id = caller.submitted(Requests.COUPLE);
    Worker.renders(running.store(), id);
    return id;
  }

  private static JobRequest request(JsonNode status) {
    return new StoredRequests(running.redis())
        .find(status.path("id").textValue())
        .orElseThrow()
        .request();
  }

  private static HttpResponse<byte[]> reroll(
      String job, String panel, String body, String... headers) {
    HttpRequest.Builder request = caller.request("/v1/jobs/" + job + "/panels/" + panel);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return caller.send(
        request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
  }

  private static void assertProblem(HttpResponse<byte[]> answer, int status, String code) {
    JsonNode problem = ApiCaller.json(answer);
    assertEquals(status, answer.statusCode(), problem::toString);
    assertEquals(code, problem.path("code").textValue());
  }
}
