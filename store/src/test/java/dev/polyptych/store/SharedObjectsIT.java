package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.store.objects.ObjectContent;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedObjectsIT {
  private static final ObjectContent SOME = ObjectContent.of("x".getBytes(UTF_8), "text/plain");

  @TempDir private Path folder;
  private RedisServer server;
  private RedisConnection redis;

  @BeforeEach
  void connect() {
    server = RedisServer.start();
    redis = RedisConnection.open(server.uri());
  }

  @AfterEach
  void disconnect() throws Exception {
    redis.close();
    server.close();
  }

  @Test
  void processesThatShareAFolderStartTogether() throws Exception {
    // Given
    List<Callable<SharedObjects>> starts = new ArrayList<>();
    for (int process = 0; process < 6; process++) {
      starts.add(() -> SharedObjects.open(in("shared"), redis));
    }
    // When
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<SharedObjects> start : threads.invokeAll(starts)) {
        start.get().put("by-each", SOME);
      }
    }
    // Then
    assertEquals(OptionalLong.of(1), SharedObjects.open(in("shared"), redis).size("by-each"));
  }

  @Test
  void aFolderThatTheOthersDoNotShareStopsTheStart() {
    // Given
    SharedObjects.open(in("one"), redis);
    // When
    var refused =
        assertThrows(IllegalStateException.class, () -> SharedObjects.open(in("two"), redis));
    // Then
    String message = refused.getMessage();
    assertTrue(message.contains("two"), message);
    assertTrue(message.contains("all of them share"), message);
    assertEquals(
        Optional.empty(), SharedObjects.open(in("one"), redis).get("two"), "the first goes on");
  }

  @Test
  void aFolderOfAnotherClusterStopsTheStart() {
    // Given
    SharedObjects.open(in("one"), redis);
    redis.call(jedis -> jedis.set(SharedObjects.ID_KEY, "another"));
    // When, Then
    assertThrows(IllegalStateException.class, () -> SharedObjects.open(in("one"), redis));
  }

  @Test
  void anEmptiedRedisLearnsTheIdAgain() {
    // Given
    SharedObjects.open(in("one"), redis);
    redis.call(jedis -> jedis.flushAll());
    // When
    SharedObjects.open(in("one"), redis);
    // Then
    assertThrows(IllegalStateException.class, () -> SharedObjects.open(in("two"), redis));
  }

  @Test
  void withoutRedisAProcessStartsAndComparesAtFirstUse() throws Exception {
    // Given
    SharedObjects.open(in("one"), redis);
    int port = FreePort.next();
    try (RedisConnection later = RedisConnection.open(URI.create("redis://127.0.0.1:" + port))) {
      // When
      SharedObjects objects = SharedObjects.open(in("two"), later);
      // Then
      assertThrows(ObjectsUnavailableException.class, () -> objects.put("a", SOME));
      try (RedisServer started = RedisServer.start(Optional.empty(), port);
          RedisConnection same = RedisConnection.open(started.uri())) {
        same.call(jedis -> jedis.set(SharedObjects.ID_KEY, "the cluster's"));
        SharedObjects other = new SharedObjects(objects, same);
        var refused = assertThrows(ObjectsUnavailableException.class, () -> other.put("a", SOME));
        assertTrue(refused.getMessage().contains("compared"), refused::getMessage);
      }
    }
  }

  private ObjectSettings in(String name) {
    return new ObjectSettings(folder.resolve(name).toUri(), Optional.empty());
  }
}
