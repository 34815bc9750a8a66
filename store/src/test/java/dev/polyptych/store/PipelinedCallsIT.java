package dev.polyptych.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.config.Retention;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;

class PipelinedCallsIT {
  private static final int CALLERS = 2_000;

  /** As the connection has it. */
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(5);

  private final int port = FreePort.next();
  private RedisServer server;
  private RedisConnection redis;

  @BeforeEach
  void open() {
    server = RedisServer.start(Optional.empty(), port);
    redis = RedisConnection.open(server.uri());
  }

  @AfterEach
  void close() {
    redis.close();
    server.close();
  }

  @Test
  void everyCallerGetsTheAnswerToHisOwnCommand() throws Exception {
    // When
    List<Future<String>> answers = atOnce(number -> echoed(Integer.toString(number)));
    // Then
    for (int i = 0; i < CALLERS; i++) {
      assertEquals(Integer.toString(i), answers.get(i).get());
    }
  }

  @Test
  void whatIsAskedAtTheSameTimeIsReadByRedisTogether() throws Exception {
    // Given
    long before = figure("total_reads_processed");
    // When
    atOnce(number -> echoed(Integer.toString(number)));
    // Then
    assertTrue(figure("total_reads_processed") - before < CALLERS / 2);
  }

  @Test
  void aRefusedCommandFailsItsCallerAlone() throws Exception {
    // Given a text where every seventh caller takes a list to be
    redis.call(jedis -> jedis.set("text", "text"));
    // When
    List<Future<String>> answers =
        atOnce(
            number ->
                number % 7 == 0
                    ? redis.together(pipeline -> pipeline.lpop("text"))
                    : echoed(Integer.toString(number)));
    // Then
    for (int i = 0; i < CALLERS; i++) {
      Future<String> answer = answers.get(i);
      if (i % 7 == 0) {
        var refused = assertInstanceOf(StoreUnavailableException.class, failure(answer));
        assertInstanceOf(JedisDataException.class, refused.getCause());
      } else {
        assertEquals(Integer.toString(i), answer.get());
      }
    }
  }

  @Test
  void allAreToldThatRedisIsGoneAndServedAgainWhenItIsBack() throws Exception {
    // Given
    assertEquals("here", echoed("here"));
    server.close();
    // When
    List<Future<String>> answers = atOnce(number -> echoed(Integer.toString(number)));
    // Then
    for (Future<String> answer : answers) {
      assertInstanceOf(StoreUnavailableException.class, failure(answer));
    }
    server = RedisServer.start(Optional.empty(), port);
    assertEquals("again", echoed("again"));
  }

  @Test
  void whoWaitsBehindAHungRedisIsToldWithTheFirst() throws Exception {
    // Given
    assertEquals("here", echoed("here"));
    redis.call(
        jedis ->
            jedis.executeCommand(
                new CommandObject<>(
                    new CommandArguments(Protocol.Command.CLIENT).add("PAUSE").add("60000"),
                    BuilderFactory.STRING)));
    long begin = System.nanoTime();
    // When
    List<Future<String>> answers = atOnce(number -> echoed(Integer.toString(number)));
    // Then
    for (Future<String> answer : answers) {
      assertInstanceOf(StoreUnavailableException.class, failure(answer));
    }
    assertTrue(System.nanoTime() - begin < 2 * SOCKET_TIMEOUT.toNanos());
  }

  @Test
  void aScriptThatRedisHasForgottenIsLoadedAgain() {
    // Given
    IdempotencyKeys keys = new IdempotencyKeys(redis, Retention.DEFAULT);
    IdempotencyKey key = new IdempotencyKey("default", "key", "digest");
    assertEquals(Optional.of("first"), keys.reserve(key, "first"));
    // When
    redis.call(jedis -> jedis.scriptFlush("any"));
    // Then
    assertEquals(Optional.of("first"), keys.reserve(key, "second"));
  }

  @Test
  void aCallThatCanNotBePutTogetherFails() {
    // When, Then
    assertThrows(
        IllegalArgumentException.class,
        () ->
            redis.<String>together(
                pipeline -> {
                  throw new IllegalArgumentException("no such command");
                }));
    assertEquals("next", echoed("next"));
  }

  private interface Caller {
    String call(int number) throws Exception;
  }

  private static List<Future<String>> atOnce(Caller caller) throws InterruptedException {
    List<Callable<String>> calls = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      int number = i;
      calls.add(() -> caller.call(number));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(calls);
    }
  }

  private String echoed(String text) {
    byte[] script = "return ARGV[1]".getBytes(StandardCharsets.UTF_8);
    List<byte[]> keys = List.of("key".getBytes(StandardCharsets.UTF_8));
    List<byte[]> arguments = List.of(text.getBytes(StandardCharsets.UTF_8));
    return JobScripts.text(
        redis.<Object>together(pipeline -> pipeline.eval(script, keys, arguments)));
  }

  private static Throwable failure(Future<String> answer) {
    assertEquals(Future.State.FAILED, answer.state());
    return answer.exceptionNow();
  }

  private long figure(String name) {
    String line =
        redis
            .call(jedis -> jedis.info("stats"))
            .lines()
            .filter(each -> each.startsWith(name + ":"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.substring(name.length() + 1).strip());
  }
}
