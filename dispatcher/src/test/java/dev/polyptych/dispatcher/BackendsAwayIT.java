package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.job.JobState;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With broker or store away the dispatcher refuses, stays up, and goes on when they are back. */
class BackendsAwayIT {
  @TempDir Path folder;

  @Test
  void withoutItsStoreItRefusesAndRecovers() {
    int port = FreePort.next();
    RedisServer redis = RedisServer.start(Optional.empty(), port);
    try (RunningDispatcher running =
        RunningDispatcher.start(Backends.kafkaBootstrapServers(), redis.uri(), Map.of())) {
      running.caller().submitted(Requests.COUPLE);
      redis.close();

      try (LaneTail lanes = new LaneTail(Backends.kafkaBootstrapServers())) {
        assertUnavailable(running.caller().submit(Requests.COUPLE), "STORE_UNAVAILABLE");
        assertUnavailable(running.caller().get("/v1/jobs/j-1"), "STORE_UNAVAILABLE");
        assertUnavailable(running.caller().get("/v1/workers"), "STORE_UNAVAILABLE");
        assertEquals(200, running.caller().get("/v1/tasks").statusCode());
        assertEquals(0, lanes.appended());
      }

      redis = RedisServer.start(Optional.empty(), port);
      running.caller().submittedInTime(Requests.COUPLE);
    } finally {
      redis.close();
    }
  }

  @Test
  void withoutItsBrokerItRefusesAndNothingRefusedIsRenderedLater() {
    int port = FreePort.next();
    KafkaBroker broker = KafkaBroker.start(folder, port);
    try (RunningDispatcher running =
        RunningDispatcher.start(broker.bootstrapServers(), Backends.redisUri(), Map.of())) {
      String before = running.caller().submitted(Requests.COUPLE);
      broker.close();

      HttpResponse<byte[]> first = running.caller().submit(Requests.COUPLE);
      HttpResponse<byte[]> second = running.caller().submit(Requests.COUPLE);

      assertUnavailable(first, "BROKER_UNAVAILABLE");
      assertUnavailable(second, "BROKER_UNAVAILABLE");
      assertEquals(JobState.QUEUED, running.store().status(before).orElseThrow().state());
      broker = KafkaBroker.start(folder, port);
      try (LaneTail lanes = new LaneTail(broker.bootstrapServers())) {
        String after = running.caller().submittedInTime(Requests.COUPLE);
        var records = lanes.records();
        assertEquals(1, records.size());
        assertTrue(new String(records.getFirst().value(), UTF_8).contains(after));
      }
    } finally {
      broker.close();
    }
  }

  @Test
  void itStartsBeforeItsBackendsDo() {
    int kafkaPort = FreePort.next();
    int redisPort = FreePort.next();
    URI redisUri = RedisServer.address(redisPort);
    try (RunningDispatcher running =
        RunningDispatcher.start("127.0.0.1:" + kafkaPort, redisUri, Map.of())) {
      assertEquals(200, running.management().get("/health/live").statusCode());
      HttpResponse<byte[]> ready = running.management().get("/health/ready");
      assertEquals(503, ready.statusCode());
      assertEquals(
          "{\"open\":true,\"broker\":false,\"store\":false}", ApiCaller.json(ready).toString());
      assertUnavailable(running.caller().submit(Requests.COUPLE), "STORE_UNAVAILABLE");

      try (RedisServer redis = RedisServer.start(Optional.empty(), redisPort);
          KafkaBroker broker = KafkaBroker.start(folder, kafkaPort)) {
        running.caller().submittedInTime(Requests.COUPLE);
        assertEquals("127.0.0.1:" + kafkaPort, broker.bootstrapServers());
        assertEquals(redisUri, redis.uri());
      }
    }
  }

  @Test
  void aBrokerNameThatDoesNotResolveYetIsNoReasonNotToStart() {
    try (RunningDispatcher running =
        RunningDispatcher.start("no-such-host.invalid:9092", Backends.redisUri(), Map.of())) {
      assertUnavailable(running.caller().submit(Requests.COUPLE), "BROKER_UNAVAILABLE");
    }
  }

  private static void assertUnavailable(HttpResponse<byte[]> answer, String code) {
    JsonNode problem = ApiCaller.json(answer);
    assertEquals(503, answer.statusCode(), problem::toString);
    assertEquals(code, problem.path("code").textValue(), problem::toString);
    assertTrue(answer.headers().firstValue("Retry-After").isPresent());
  }
}
