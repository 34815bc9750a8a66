package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.engine.Eventually;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageIT {
  @Test
  void imagesFinishedWhileRedisIsAwayArePublishedWhenItIsBack(@TempDir Path folder)
      throws Exception {
    int port = FreePort.next();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch drawn = new CountDownLatch(1);
    PaintingEngine engine = heldAtFirstStep(begun, goOn, drawn);
    RedisServer redis = RedisServer.start(Optional.of(folder), port);
    try (Bench bench = Bench.open(Backends.kafkaBootstrapServers(), RedisServer.address(port))) {
      // Given a job that is being drawn
      bench.start("w1", engine);
      RenderJob job = bench.submit("film-storyboard", 5, 4);
      Eventually.await(begun);
      // When
      redis.close();
      goOn.countDown();
      Eventually.await(drawn);
      redis = RedisServer.start(Optional.of(folder), port);
      // Then
      bench.awaitState(job.id(), JobState.DONE);
      assertEquals(1, Collections.frequency(engine.begun(), job.id()));
      assertTrue(bench.results.sheet(job.id()).isPresent());
      Eventually.until("committed", () -> bench.committed() > 0);
    } finally {
      redis.close();
    }
  }

  @Test
  void aWorkerOutlivesItsBrokerAndGoesOnWhenItIsBack(@TempDir Path folder) throws Exception {
    int port = FreePort.next();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    PaintingEngine engine = heldAtFirstStep(begun, goOn, new CountDownLatch(1));
    KafkaBroker broker = KafkaBroker.start(folder, port);
    try (Bench bench = Bench.open(broker.bootstrapServers(), Backends.redisUri())) {
      // Given a job that is being drawn
      Worker worker = bench.start("w1", engine);
      RenderJob job = bench.submit("film-storyboard", 5, 4);
      Eventually.await(begun);
      // When
      broker.close();
      goOn.countDown();
      bench.awaitState(job.id(), JobState.DONE);
      broker = KafkaBroker.start(folder, port);
      // Then
      RenderJob next = bench.submit("film-storyboard", 6, 4);
      bench.awaitState(next.id(), JobState.DONE);
      assertEquals(1, Collections.frequency(engine.begun(), job.id()));
      assertTrue(!worker.ended().isDone());
    } finally {
      broker.close();
    }
  }

  @Test
  void aWorkerWhoseBrokerHasNoAddressYetWaitsForIt() throws Exception {
    try (Bench bench = Bench.shared()) {
      CountDownLatch loaded = new CountDownLatch(1);
      Worker worker =
          bench.begin(
              "w1",
              () -> {
                loaded.countDown();
                return PaintingEngine.eager();
              },
              Map.of("bootstrapServers", "no-such-host.invalid:9092"));

      Eventually.await(loaded);

      Eventually.until("heartbeat", () -> !bench.heartbeats().isEmpty());
      assertTrue(!worker.ended().isDone() && !worker.ready().isDone());
      worker.close();
      assertTrue(worker.ended().isDone() && !worker.ended().isCompletedExceptionally());
    }
  }

  private static PaintingEngine heldAtFirstStep(
      CountDownLatch begun, CountDownLatch goOn, CountDownLatch drawn) {
    return new PaintingEngine(
        (job, step) -> {
          begun.countDown();
          PaintingEngine.hold(goOn);
          if (step == job.sampling().steps() - 1) {
            drawn.countDown();
          }
        });
  }
}
