package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A submission that is sent again under its key is one job. */
class IdempotencyIT {
  private static RunningDispatcher running;
  private final String key = "order " + UUID.randomUUID();
  private LaneTail lanes;

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @BeforeEach
  void open() {
    lanes = new LaneTail(Backends.kafkaBootstrapServers());
  }

  @AfterEach
  void close() {
    lanes.close();
  }

  @Test
  void theSameKeyAndBodyIsTheSameJobAndAnswer() {
    HttpResponse<byte[]> first = submit(Requests.COUPLE);

    HttpResponse<byte[]> again = submit(Requests.COUPLE);

    assertEquals(List.of(202, 202), List.of(first.statusCode(), again.statusCode()));
    assertEquals(ApiCaller.json(first), ApiCaller.json(again));
    assertEquals(first.headers().firstValue("Location"), again.headers().firstValue("Location"));
    assertTrue(first.headers().firstValue("Idempotent-Replayed").isEmpty());
    assertEquals("true", again.headers().firstValue("Idempotent-Replayed").orElseThrow());
    assertEquals(1, lanes.appended());
  }

  @Test
  void theAnswerAgainIsTheJobAsItIsNow() {
    String id = ApiCaller.json(submit(Requests.COUPLE)).path("id").textValue();
    Worker.renders(running.store(), id);

    JsonNode again = ApiCaller.json(submit(Requests.COUPLE));

    assertEquals(id, again.path("id").textValue());
    assertEquals("done", again.path("state").textValue());
  }

  @Test
  void theSameKeyWithAnotherBodyIsRefused() {
    submit(Requests.COUPLE);

    HttpResponse<byte[]> other = submit(Requests.coupleWith("\"seed\": 7"));

    assertEquals(409, other.statusCode());
    JsonNode problem = ApiCaller.json(other);
    assertEquals("IDEMPOTENCY_KEY_REUSED", problem.path("code").textValue());
    assertEquals("Idempotency-Key", problem.at("/errors/0/field").textValue());
    assertEquals(1, lanes.appended());
  }

  @Test
  void manyAtOnceAreOneJob() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<HttpResponse<byte[]>>> answers =
          Stream.generate(() -> inBackground(threads)).limit(16).toList();

      assertEquals(
          1,
          answers.stream()
              .map(CompletableFuture::join)
              .map(answer -> ApiCaller.json(answer).path("id").textValue())
              .collect(Collectors.toSet())
              .size());
    }
    assertEquals(1, lanes.appended());
  }

  @Test
  void aCrashBetweenKeyAndRecordIsHealedByTheNextTry() {
    String lost = ApiCaller.json(submit(Requests.COUPLE)).path("id").textValue();
    running.redis().call(jedis -> jedis.del("job:{" + lost + "}"));

    HttpResponse<byte[]> again = submit(Requests.COUPLE);

    assertEquals(lost, ApiCaller.json(again).path("id").textValue());
    assertEquals("queued", ApiCaller.json(again).path("state").textValue());
    assertEquals(2, lanes.appended());
  }

  @Test
  void aCrashBetweenRecordAndBrokerIsHealedAfterTheBrokersTime() {
    String stuck = ApiCaller.json(submit(Requests.COUPLE)).path("id").textValue();
    running.redis().call(jedis -> jedis.hset("job:{" + stuck + "}", "state", "accepted"));

    String id = ApiCaller.json(submit(Requests.COUPLE)).path("id").textValue();

    assertFalse(id.equals(stuck));
    assertEquals("failed", running.store().status(stuck).orElseThrow().state().text());
    assertEquals("queued", running.store().status(id).orElseThrow().state().text());
  }

  @Test
  void theKeyIsKeptAsLongAsARecord() {
    submit(Requests.COUPLE);

    long seconds = running.redis().call(jedis -> jedis.ttl("idempotency:default:" + key));

    assertTrue(seconds > 600_000 && seconds <= 604_800, () -> seconds + " s");
  }

  static List<String> wrongKeys() {
    return List.of("", "x".repeat(256), "a\tb");
  }

  @ParameterizedTest
  @MethodSource("wrongKeys")
  void aKeyThatIsNoneIsNamed(String wrong) {
    HttpResponse<byte[]> answer = submit(Requests.COUPLE, wrong);

    assertEquals(422, answer.statusCode());
    assertEquals("Idempotency-Key", ApiCaller.json(answer).at("/errors/0/field").textValue());
    assertEquals(0, lanes.appended());
  }

  private CompletableFuture<HttpResponse<byte[]>> inBackground(Executor threads) {
    return CompletableFuture.supplyAsync(() -> submit(Requests.COUPLE), threads);
  }

  private HttpResponse<byte[]> submit(String body) {
    return submit(body, key);
  }

  private static HttpResponse<byte[]> submit(String body, String key) {
    return running
        .caller()
        .send(
            running
                .caller()
                .request("/v1/jobs")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
  }
}
