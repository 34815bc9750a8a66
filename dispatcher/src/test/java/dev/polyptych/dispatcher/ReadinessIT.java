package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.config.Settings.Sources;
import dev.polyptych.schema.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Ready means that a submission would be taken; not ready, that it is refused at once. */
class ReadinessIT {
  private static final Duration AT_ONCE = Duration.ofSeconds(1);
  private static final String READY = "{\"open\":true,\"broker\":true,\"store\":true}";

  @TempDir Path folder;

  @Test
  void itIsReadyOnlyOnceItsPortListens() {
    int port = FreePort.next();
    int management = FreePort.next();
    Map<String, String> flags =
        Map.of("port", Integer.toString(port), "managementPort", Integer.toString(management));
    CompletableFuture<RunningDispatcher> start =
        CompletableFuture.supplyAsync(
            () ->
                RunningDispatcher.onPorts(
                    Backends.kafkaBootstrapServers(), Backends.redisUri(), flags));
    try (ApiCaller health = new ApiCaller(management);
        ApiCaller api = new ApiCaller(port)) {
      while (!ready(health)) {
        Thread.onSpinWait();
      }

      assertEquals(200, api.get("/v1/tasks").statusCode());
    } finally {
      start.join().close();
    }
  }

  @Test
  void aRedisThatEvictsIsRefusedAtTheStartWithTheRemedy() {
    try (RedisServer redis = RedisServer.start();
        Jedis client = new Jedis(redis.uri())) {
      client.configSet("maxmemory-policy", "allkeys-lru");

      IllegalStateException refused =
          assertThrows(
              IllegalStateException.class,
              () ->
                  RunningDispatcher.start(Backends.kafkaBootstrapServers(), redis.uri(), Map.of()));

      assertTrue(refused.getMessage().contains("allkeys-lru"), refused::getMessage);
      assertTrue(refused.getMessage().contains("maxmemory-policy noeviction"), refused::getMessage);
    }
  }

  @Test
  void aRedisThatBeginsToEvictMakesItUnreadyUntilItStops() {
    try (RedisServer redis = RedisServer.start();
        Jedis client = new Jedis(redis.uri());
        RunningDispatcher running =
            RunningDispatcher.start(Backends.kafkaBootstrapServers(), redis.uri(), Map.of())) {
      String before = running.caller().submitted(Requests.COUPLE);
      client.configSet("maxmemory-policy", "volatile-ttl");
      running.management().until("/health/ready", body -> body.contains("\"store\":false"));

      assertRefusedAtOnce(running, "STORE_UNAVAILABLE");
      assertEquals(200, running.caller().get("/v1/jobs/" + before).statusCode());

      client.configSet("maxmemory-policy", "noeviction");
      running.management().until("/health/ready", READY::equals);
      running.caller().submitted(Requests.COUPLE);
    }
  }

  @Test
  void withoutItsLanesItIsUnreadyAndNeverMakesThemAnewButGoesOnWhenTheyAreBack() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(folder);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        RunningDispatcher running =
            RunningDispatcher.start(broker.bootstrapServers(), Backends.redisUri(), Map.of())) {
      running.caller().submitted(Requests.COUPLE);
      admin.deleteTopics(Topics.lanes("tiny")).all().get();
      running.management().until("/health/ready", body -> body.contains("\"broker\":false"));

      assertRefusedAtOnce(running, "BROKER_UNAVAILABLE");
      assertTrue(
          admin.listTopics().names().get().stream().noneMatch(Topics.lanes("tiny")::contains));

      List<NewTopic> lanes =
          Topics.lanes("tiny").stream().map(lane -> new NewTopic(lane, 3, (short) 1)).toList();
      admin.createTopics(lanes).all().get();
      running.management().until("/health/ready", READY::equals);
      running.caller().submittedInTime(Requests.COUPLE);
    }
  }

  @Test
  void aSilentRedisCostsNobodyMoreThanASecond() {
    try (RedisServer redis = RedisServer.start();
        RunningDispatcher running =
            RunningDispatcher.start(Backends.kafkaBootstrapServers(), redis.uri(), Map.of())) {
      String before = running.caller().submitted(Requests.COUPLE);
      String process = process(redis.uri());
      signal("STOP", process);
      try {
        running.management().until("/health/ready", body -> body.contains("\"store\":false"));

        assertRefusedAtOnce(running, "STORE_UNAVAILABLE");
        assertAtOnce(503, () -> running.caller().get("/v1/jobs/" + before));
      } finally {
        signal("CONT", process);
      }
      running.management().until("/health/ready", READY::equals);
      assertEquals(200, running.caller().get("/v1/jobs/" + before).statusCode());
      running.caller().submittedInTime(Requests.COUPLE);
    }
  }

  @Test
  void aTakenPortIsToldWithItsSettingBeforeAnythingStarts() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> flags =
          Map.of(
              "port", Integer.toString(taken.getLocalPort()),
              "managementPort", "0",
              "catalog", "tiny",
              // Nobody is there: looking for them first would take seconds.
              "redis", "redis://127.0.0.1:9",
              "bootstrapServers", "127.0.0.1:9");
      DispatcherConfig config = DispatcherConfig.read(Sources.of(flags));

      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> Dispatcher.start(config));

      assertTrue(
          refused.getMessage().contains("127.0.0.1:" + taken.getLocalPort()), refused::getMessage);
      assertTrue(refused.getMessage().contains("--set port="), refused::getMessage);
    }
  }

  private static void assertRefusedAtOnce(RunningDispatcher running, String code) {
    HttpResponse<byte[]> answer = assertAtOnce(503, () -> running.caller().submit(Requests.COUPLE));
    assertEquals(code, ApiCaller.json(answer).path("code").textValue());
  }

  private static HttpResponse<byte[]> assertAtOnce(
      int status, Supplier<HttpResponse<byte[]>> call) {
    long begun = System.nanoTime();
    HttpResponse<byte[]> answer = call.get();
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertEquals(status, answer.statusCode());
    assertTrue(took.compareTo(AT_ONCE) < 0, took::toString);
    return answer;
  }

  private static boolean ready(ApiCaller health) {
    try {
      return health.get("/health/ready").statusCode() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  private static String process(URI redis) {
    try (Jedis client = new Jedis(redis)) {
      return client
          .info("server")
          .lines()
          .filter(line -> line.startsWith("process_id:"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseThrow();
    }
  }

  /** A stopped process keeps its connections and says nothing. */
  private static void signal(String name, String process) {
    try {
      assertEquals(0, new ProcessBuilder("kill", "-" + name, process).start().waitFor());
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
