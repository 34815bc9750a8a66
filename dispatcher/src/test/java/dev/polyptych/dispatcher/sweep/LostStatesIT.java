package dev.polyptych.dispatcher.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.PlayedWorker;
import dev.polyptych.dispatcher.Requests;
import dev.polyptych.dispatcher.RunningDispatcher;
import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.store.JobStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

class LostStatesIT {
  private RedisServer server;
  private RunningDispatcher running;
  private JobStore store;

  @BeforeEach
  void start() {
    server = RedisServer.start();
    running = RunningDispatcher.start(Backends.kafkaBootstrapServers(), server.uri(), Map.of());
    store = running.store();
  }

  @AfterEach
  void stop() {
    running.close();
    server.close();
  }

  @Test
  void aJobThatWaitsIsKnownAgainAfterRedisWasEmptied() throws Exception {
    // Given
    String id = running.caller().submittedInTime(Requests.COUPLE);
    QueuePlace before = place(id).orElseThrow();
    // When
    running.redis().call(UnifiedJedis::flushAll);
    // Then
    until("the job to be known", () -> store.status(id).isPresent());
    JobStatus after = store.status(id).orElseThrow();
    assertEquals(JobState.QUEUED, after.state());
    until("its place to be known", () -> place(id).filter(before::equals).isPresent());
  }

  @Test
  void aJobWhoseImagesWereLostWithRedisIsProducedAgain() throws Exception {
    // Given
    String id = running.caller().submittedInTime(Requests.COUPLE);
    QueuePlace before = place(id).orElseThrow();
    PlayedWorker.settleAll();
    // When
    running.redis().call(UnifiedJedis::flushAll);
    until("the job to be found lost", () -> field(id, "suspected").isPresent());
    String mark = field(id, "suspected").orElseThrow();
    running
        .redis()
        .call(
            jedis -> {
              // As if that had been some time ago.
              String[] parts = mark.split(" ", 2);
              long since = Long.parseLong(parts[0]) - Reconciler.LEASE.toMillis();
              jedis.hset(key(id), "suspected", since + " " + parts[1]);
              return jedis.zadd("open-jobs", 1, id);
            });
    // Then
    until(
        "the job to have another record",
        () -> produced(id) && place(id).filter(before::equals).isEmpty());
    assertEquals(Optional.of("110"), field(id, "edition"));
    assertEquals(Optional.of(JobState.QUEUED), store.status(id).map(JobStatus::state));
  }

  private boolean produced(String id) {
    return field(id, "edition").equals(Optional.of("110"));
  }

  private Optional<QueuePlace> place(String id) {
    return store.status(id).flatMap(JobStatus::place);
  }

  private Optional<String> field(String id, String name) {
    return Optional.ofNullable(running.redis().call(jedis -> jedis.hget(key(id), name)));
  }

  private static String key(String id) {
    return "job:{" + id + "}";
  }

  private static void until(String what, BooleanSupplier holds) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "waited too long for " + what);
      assertFalse(never.await(20, TimeUnit.MILLISECONDS));
    }
  }
}
