package dev.polyptych.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.Forecast;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.RenderRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

class AdoptionIT {
  private static final IdempotencyKey KEY = new IdempotencyKey("shop", "order 7", "a digest");

  private RedisServer server;
  private RedisConnection redis;
  private JobStore store;
  private Adoption adoption;

  @BeforeEach
  void start() {
    server = RedisServer.start();
    redis = RedisConnection.open(server.uri());
    store = new JobStore(redis, Retention.DEFAULT);
    adoption = adoption(Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    redis.close();
    server.close();
  }

  @Test
  void aJobThatRedisLostIsMadeAnewFromItsRecordWithBatchKeyAndQuota() {
    // Given
    NewJob accepted = accepted();
    RenderRecord record = read(accepted.record().bytes());
    redis.call(UnifiedJedis::flushAll);
    // When
    boolean adopted = adoption.adopt(NewJob.of(accepted.job(), record));
    // Then
    assertTrue(adopted);
    JobStatus status = store.status(accepted.job().id()).orElseThrow();
    assertEquals(JobState.QUEUED, status.state());
    assertEquals(Optional.of("b-1"), status.context().batch());
    assertEquals(
        Optional.of(accepted.job().id()), new IdempotencyKeys(redis, Retention.DEFAULT).find(KEY));
    assertEquals(
        Map.of("jobs:shop", "1", "gpu:shop", "2500", "lane:interactive", "1"),
        redis.call(jedis -> jedis.hgetAll("{reservations}:sums")));
  }

  @Test
  void aJobThatHasEndedIsNotTakenUpAgainAndCountsForNoQuota() {
    // Given
    NewJob accepted = accepted();
    store.cancel(accepted.job().id(), "shop");
    redis.call(jedis -> jedis.del("job:{" + accepted.job().id() + "}"));
    // When
    boolean adopted = adoption.adopt(accepted);
    // Then
    assertFalse(adopted);
    assertEquals(Optional.empty(), store.status(accepted.job().id()));
    assertEquals(Map.of(), redis.call(jedis -> jedis.hgetAll("{reservations}:jobs")));
  }

  @Test
  void aJobThatIsKnownStaysAsItIs() {
    // Given
    NewJob accepted = accepted();
    assertInstanceOf(Claim.Granted.class, store.claim(accepted.job().id(), Claimant.of("w-1")));
    // When
    boolean adopted = adoption.adopt(accepted);
    // Then
    assertFalse(adopted);
    assertEquals(
        JobState.RENDERING, store.status(accepted.job().id()).map(JobStatus::state).orElseThrow());
    assertEquals(1, redis.call(jedis -> jedis.hgetAll("{reservations}:jobs")).size());
  }

  @Test
  void aJobThatIsOlderThanOutcomesAreKeptIsNotTakenUp() {
    // Given
    NewJob accepted = accepted();
    redis.call(UnifiedJedis::flushAll);
    Duration later = Retention.DEFAULT.tombstones().plusSeconds(1);
    // When
    boolean adopted = adoption(Clock.offset(Clock.systemUTC(), later)).adopt(accepted);
    // Then
    assertFalse(adopted);
    assertEquals(Optional.empty(), store.status(accepted.job().id()));
  }

  private Adoption adoption(Clock clock) {
    return new Adoption(redis, store, Retention.DEFAULT, clock);
  }

  private NewJob accepted() {
    var example = CatalogFile.builtIn("tiny").task("film-storyboard").orElseThrow().example();
    JobRequest request =
        JobRequest.of(
            new JobRequest.Scene("film-storyboard", example.prompt(), example.panels()),
            JobRequest.SamplingChoice.of(OptionalLong.of(3), OptionalInt.of(4)));
    RenderJob job =
        ((Validated.Valid<RenderJob>)
                new JobResolver(CatalogFile.builtIn("tiny"))
                    .resolve(JobId.next(Clock.systemUTC()), request))
            .value();
    NewJob accepted =
        new NewJob(
            job,
            "shop",
            Optional.of("b-1"),
            Optional.of(KEY),
            new Forecast(Optional.empty(), Optional.of(2.5), Optional.empty()));
    store.accept(accepted);
    return accepted;
  }

  private static RenderRecord read(byte[] record) {
    return ((Validated.Valid<RenderRecord>) RenderRecord.read(record)).value();
  }
}
