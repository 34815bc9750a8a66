package dev.polyptych.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.UnifiedJedis;

class StoreContinuityIT {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Duration MARGIN = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private final int port = FreePort.next();
  private RedisServer server;
  private RedisConnection redis;
  private StoreContinuity continuity;

  @BeforeEach
  void start() {
    server = RedisServer.start(Optional.of(folder), port);
    redis = RedisConnection.open(server.uri());
    continuity = new StoreContinuity(redis);
  }

  @AfterEach
  void stop() {
    redis.close();
    server.close();
  }

  @Test
  void whileRedisGoesOnNothingIsMissing() {
    // Given
    continuity.confirm(NOW);
    // When
    List<Optional<Instant>> looks =
        List.of(continuity.lossSince(NOW.plusSeconds(1)), continuity.lossSince(NOW.plusSeconds(2)));
    // Then
    assertEquals(List.of(Optional.empty(), Optional.empty()), looks);
  }

  @Test
  void whatAnotherProcessConfirmedHolds() {
    // Given
    continuity.confirm(NOW);
    // When
    Optional<Instant> since = new StoreContinuity(redis).lossSince(NOW.plusSeconds(60));
    // Then
    assertEquals(Optional.empty(), since);
  }

  @Test
  void afterARestartJobsMayBeMissingSinceTheTimeBefore() {
    // Given
    continuity.confirm(NOW);
    // When
    server.close();
    server = RedisServer.start(Optional.of(folder), port);
    // Then
    assertEquals(
        Optional.of(NOW.minus(MARGIN)), answered(() -> continuity.lossSince(NOW.plusSeconds(5))));
  }

  @Test
  void aStoreThatWasRestoredKnowsJobsUntilItsOwnTime() {
    // Given
    continuity.confirm(NOW);
    new StoreContinuity(redis).confirm(NOW.minusSeconds(30));
    // When
    Optional<Instant> since = continuity.lossSince(NOW.plusSeconds(1));
    // Then
    assertEquals(Optional.of(NOW.minusSeconds(30).minus(MARGIN)), since);
  }

  @Test
  void aTimeOfAnotherVersionCountsAsNone() {
    // Given
    redis.call(jedis -> jedis.set("jobs:known-until", "yesterday"));
    // When
    Optional<Instant> since = continuity.lossSince(NOW);
    // Then
    assertEquals(Optional.of(NOW.minus(Duration.ofMinutes(2)).minus(MARGIN)), since);
  }

  @Test
  void anEmptyStoreIsMadeGoodForSomeMinutes() {
    // Given
    continuity.confirm(NOW);
    redis.call(UnifiedJedis::flushAll);
    // When
    Optional<Instant> since = continuity.lossSince(NOW.plusSeconds(1));
    // Then
    assertEquals(Optional.of(NOW.plusSeconds(1).minus(Duration.ofMinutes(2)).minus(MARGIN)), since);
  }

  /** A pooled connection to the server before fails once. */
  private static <T> T answered(Supplier<T> call) {
    try {
      return call.get();
    } catch (StoreUnavailableException stale) {
      return call.get();
    }
  }
}
