package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.topic.RenderRecord;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Prefer: wait} keeps the answer back until the job settles. */
class WaitIT {
  private static RunningDispatcher running;

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void aJobThatSettlesInTimeIsAnsweredWithItsFinalStatus() {
    try (LaneTail lanes = new LaneTail(Backends.kafkaBootstrapServers())) {
      var answer = CompletableFuture.supplyAsync(() -> submit("respond-async, wait=20"));
      Worker.renders(running.store(), next(lanes));

      HttpResponse<byte[]> waited = answer.join();

      assertEquals(200, waited.statusCode());
      assertEquals("done", ApiCaller.json(waited).path("state").textValue());
      assertEquals("wait=20", waited.headers().firstValue("Preference-Applied").orElseThrow());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait=0", "wait=1"})
  void aJobThatDoesNotIsQueuedAsAlways(String preference) {
    HttpResponse<byte[]> answer = submit(preference);

    assertEquals(202, answer.statusCode());
    assertEquals("queued", ApiCaller.json(answer).path("state").textValue());
    assertEquals(preference, answer.headers().firstValue("Preference-Applied").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait", "wait=soon", "return=minimal"})
  void whatIsNoWaitIsIgnored(String preference) {
    HttpResponse<byte[]> answer = submit(preference);

    assertEquals(202, answer.statusCode());
    assertTrue(answer.headers().firstValue("Preference-Applied").isEmpty());
  }

  @Test
  void closingDoesNotWaitForTheJob() {
    try (RunningDispatcher own = RunningDispatcher.start();
        LaneTail lanes = new LaneTail(Backends.kafkaBootstrapServers())) {
      own.caller().submittedInTime(Requests.COUPLE);
      var answer = CompletableFuture.supplyAsync(() -> submit(own, "wait=60"));
      while (lanes.appended() < 2) {
        Thread.onSpinWait();
      }

      own.dispatcher().close();

      assertEquals(202, answer.join().statusCode());
    }
  }

  private static String next(LaneTail lanes) {
    while (lanes.appended() == 0) {
      Thread.onSpinWait();
    }
    byte[] value = lanes.records().getFirst().value();
    return ((Validated.Valid<RenderRecord>) RenderRecord.read(value)).value().id();
  }

  private static HttpResponse<byte[]> submit(String preference) {
    return submit(running, preference);
  }

  private static HttpResponse<byte[]> submit(RunningDispatcher at, String preference) {
    return at.caller()
        .send(
            at.caller()
                .request("/v1/jobs")
                .header("Content-Type", "application/json")
                .header("Prefer", preference)
                .POST(BodyPublishers.ofString(Requests.COUPLE)));
  }
}
