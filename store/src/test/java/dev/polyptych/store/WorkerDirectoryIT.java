package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerDirectoryIT {
  private RedisServer server;
  private RedisConnection redis;
  private WorkerDirectory directory;

  @BeforeEach
  void start() {
    server = RedisServer.start();
    redis = RedisConnection.open(server.uri());
    directory = new WorkerDirectory(redis);
  }

  @AfterEach
  void stop() {
    redis.close();
    server.close();
  }

  @Test
  void nobodyIsThereBeforeTheFirstHeartbeat() {
    assertEquals(List.of(), directory.live());
  }

  @Test
  void allThatBeatAreThereById() {
    // Given
    WorkerHeartbeat second = heartbeat("w-2");
    WorkerHeartbeat first = heartbeat("w-1");
    // When
    directory.beat(second);
    directory.beat(first);
    // Then
    assertEquals(List.of(first, second), directory.live());
  }

  @Test
  void whoLeavesIsGone() {
    // Given
    directory.beat(heartbeat("w-1"));
    // When
    directory.leave("w-1");
    // Then
    assertEquals(List.of(), directory.live());
  }

  @Test
  void whoseTimeHasRunOutIsGoneAndForgotten() {
    // Given
    directory.beat(heartbeat("w-1"));
    directory.beat(heartbeat("w-2"));
    redis.call(jedis -> jedis.del("worker2:w-1", "worker:w-1"));
    // When
    List<WorkerHeartbeat> live = directory.live();
    // Then
    assertEquals(List.of(heartbeat("w-2")), live);
    boolean known =
        redis.call(
            jedis -> jedis.sismember("workers2", "w-1") || jedis.sismember("workers", "w-1"));
    assertFalse(known);
  }

  @Test
  void theVersionBeforeSeesNoPartitionsOfTheNewLanesAndNotWhatIsHeld() throws Exception {
    // When
    directory.beat(heartbeat("w-1"));
    // Then
    String json = redis.call(jedis -> jedis.get("worker:w-1"));
    WorkerHeartbeat seen = Json.mapper().readValue(json, WorkerHeartbeat.class);
    assertEquals(1, seen.version());
    assertEquals(List.of(), seen.partitions());
    assertEquals(Optional.empty(), seen.held());
    assertEquals("tiny", seen.model());
  }

  @Test
  void aWorkerOfTheVersionBeforeOwnsNoPartitionOfALane() {
    // Given
    WorkerHeartbeat old = heartbeat("w-old");
    redis.call(jedis -> jedis.sadd("workers", "w-old"));
    redis.call(jedis -> jedis.set("worker:w-old", new String(Json.bytes(old), UTF_8)));
    // When
    List<WorkerHeartbeat> live = directory.live("tiny");
    // Then
    assertEquals(List.of(old.withoutPartitions()), live);
    assertEquals(old.held(), live.getFirst().held());
  }

  @Test
  void aHeartbeatThatCanNotBeReadHarmsNobodyElse() {
    // Given
    directory.beat(heartbeat("w-1"));
    directory.beat(heartbeat("w-2"));
    redis.call(jedis -> jedis.set("worker2:w-1", "{\"v\": \"of another age\"}"));
    // When
    WorkerDirectory.Reading reading = directory.read();
    // Then
    assertEquals(new WorkerDirectory.Reading(List.of(heartbeat("w-2")), List.of("w-1")), reading);
  }

  private static WorkerHeartbeat heartbeat(String id) {
    return new WorkerHeartbeat(
        WorkerHeartbeat.VERSION,
        id,
        "tiny",
        "cpu",
        "float32",
        Optional.empty(),
        0,
        Optional.empty(),
        0,
        0,
        List.of(0),
        Instant.parse("2026-01-01T00:00:00Z"),
        WorkerLoad.NONE,
        Abilities.Report.NONE,
        Optional.of(List.of()),
        List.of());
  }
}
