package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.engine.Eventually;
import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.NewJob;
import dev.polyptych.worker.render.RenderException;
import java.time.Clock;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

class LostStateIT {
  private static final String TASK = "film-storyboard";

  @Test
  void aWaitingJobThatRedisLostIsDrawn() throws Exception {
    try (RedisServer redis = RedisServer.start();
        Bench bench = Bench.open(Backends.kafkaBootstrapServers(), redis.uri())) {
      // Given
      RenderJob job = submitted(bench);
      bench.redis.call(UnifiedJedis::flushAll);
      // When
      bench.start("w1", new PaintingEngine((drawn, step) -> {}));
      // Then
      bench.awaitState(job.id(), JobState.DONE);
      assertTrue(bench.results.sheet(job.id()).isPresent());
    }
  }

  @Test
  void theImagesOfAJobThatRedisLostWhileItWasDrawnAreKept() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    PaintingEngine engine = new PaintingEngine((job, step) -> held(begun, goOn));
    try (RedisServer redis = RedisServer.start();
        Bench bench = Bench.open(Backends.kafkaBootstrapServers(), redis.uri())) {
      // Given
      bench.start("w1", engine);
      RenderJob job = submitted(bench);
      Eventually.await(begun);
      // When
      bench.redis.call(UnifiedJedis::flushAll);
      goOn.countDown();
      // Then
      bench.awaitState(job.id(), JobState.DONE);
      assertTrue(bench.results.sheet(job.id()).isPresent());
      assertEquals(1, Collections.frequency(engine.begun(), job.id()));
    }
  }

  @Test
  void aJobThatFailsAfterRedisLostItIsTriedAgain() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean fails = new AtomicBoolean(true);
    PaintingEngine engine =
        new PaintingEngine(
            (job, step) -> {
              held(begun, goOn);
              if (fails.getAndSet(false)) {
                throw new RenderException(ErrorCode.RENDER_FAILED, "played", null);
              }
            });
    try (RedisServer redis = RedisServer.start();
        Bench bench = Bench.open(Backends.kafkaBootstrapServers(), redis.uri())) {
      // Given
      bench.start("w1", engine);
      RenderJob job = submitted(bench);
      Eventually.await(begun);
      // When
      bench.redis.call(UnifiedJedis::flushAll);
      goOn.countDown();
      // Then
      bench.awaitState(job.id(), JobState.DONE);
      assertEquals(2, Collections.frequency(engine.begun(), job.id()));
    }
  }

  private static void held(CountDownLatch begun, CountDownLatch goOn) {
    begun.countDown();
    try {
      Eventually.await(goOn);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** As a dispatcher does it: the id tells its age. */
  private static RenderJob submitted(Bench bench) throws Exception {
    JobRequest request = Bench.request(TASK, 3, 4, Optional.empty());
    RenderJob job = Bench.resolve(JobId.next(Clock.systemUTC()), request);
    NewJob accepted = NewJob.of(job, "tester");
    bench.store.accept(accepted);
    bench.produce(
        PartitionRanking.first(TASK, Bench.PARTITIONS), job.adapter(), accepted.record().bytes());
    return job;
  }
}
