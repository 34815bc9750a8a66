package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.embedded.S3Server;
import dev.polyptych.engine.Eventually;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.RenderedSet;
import dev.polyptych.store.ResultLocation;
import dev.polyptych.store.ResultObjects;
import dev.polyptych.store.SharedObjects;
import dev.polyptych.store.Verdict;
import dev.polyptych.store.objects.StoredObject;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectResultsIT {
  private static final URI BUCKET = URI.create("s3://pictures/cluster");

  private S3Server s3;
  private Relay relay;
  private RedisServer redis;
  private Bench bench;
  private SharedObjects objects;
  private ResultObjects results;

  @BeforeAll
  static void logOn() {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
  }

  @BeforeEach
  void open() throws Exception {
    s3 = S3Server.start("pictures");
    relay = Relay.to(s3.endpoint());
    redis = RedisServer.start();
    bench = Bench.open(Backends.kafkaBootstrapServers(), redis.uri());
    objects =
        SharedObjects.open(new ObjectSettings(BUCKET, Optional.of(s3.endpoint())), bench.redis);
    results = new ResultObjects(objects, bench.redis, Retention.DEFAULT.results());
  }

  @AfterEach
  void close() throws Exception {
    relay.goOn();
    bench.close();
    objects.close();
    redis.close();
    relay.close();
    s3.close();
  }

  @Test
  void imagesGoToTheObjectStoreAndRedisHoldsWhereTheyAre() throws Exception {
    // Given
    start(PaintingEngine.eager());
    // When
    RenderJob job = bench.submit("film-storyboard", 5, 2);
    bench.awaitState(job.id(), JobState.DONE);
    // Then
    ResultLocation location = bench.results.location(job.id()).orElseThrow();
    assertEquals(
        "results/tester/%s/1-%s/".formatted(job.id(), location.digest(0).substring(0, 16)),
        location.prefix());
    assertEquals(1 + job.layout().panels(), location.digests().size());
    assertEquals(Optional.empty(), bench.results.sheet(job.id()));
    assertEquals(Optional.empty(), bench.results.panel(job.id(), 1));
    assertEquals(job.layout().sheetWidth(), width(location, 0, job));
    assertEquals(job.layout().panelWidth(), width(location, job.layout().panels(), job));
  }

  @Test
  void whileTheObjectStoreIsAwayASetWaitsAndTheNextJobIsDrawn() throws Exception {
    // Given
    PaintingEngine engine = PaintingEngine.eager();
    Worker worker = start(engine);
    relay.stop(false);
    // When
    RenderJob first = bench.submit("film-storyboard", 5, 2);
    RenderJob second = bench.submit("film-storyboard", 6, 2);
    Eventually.until("both are drawn", () -> drawn(worker) == 2);
    JobState waiting = bench.store.status(first.id()).orElseThrow().state();
    relay.goOn();
    bench.awaitState(first.id(), JobState.DONE);
    bench.awaitState(second.id(), JobState.DONE);
    // Then
    assertEquals(JobState.RENDERING, waiting);
    assertEquals(1, Collections.frequency(engine.begun(), first.id()));
    assertEquals(1, Collections.frequency(engine.begun(), second.id()));
    assertEquals(
        first.layout().sheetWidth(),
        width(bench.results.location(first.id()).orElseThrow(), 0, first));
  }

  @Test
  void anAttemptThatLostItsJobWhileItWaitedOverwritesNothing() throws Exception {
    // Given an attempt whose upload waits, and another worker that got the job and finished it
    Worker zombie = start(PaintingEngine.eager());
    relay.stop(false);
    RenderJob job = bench.submit("film-storyboard", 5, 2);
    Eventually.until("it is drawn", () -> drawn(zombie) == 1);
    Claim.Granted claim = (Claim.Granted) bench.store.claim(job.id(), Claimant.of("winner"));
    byte[] winner = {1, 2, 3};
    ResultLocation won =
        results.put(
            "tester",
            job.id(),
            claim.attempt(),
            job.format(),
            new RenderedSet(winner, Collections.nCopies(job.layout().panels(), winner)),
            Instant.now());
    assertEquals(
        Verdict.DONE, bench.store.finish(job.id(), claim.attempt(), won, Optional.empty()));
    // When
    relay.goOn();
    Eventually.until(
        "its finish is stale",
        () -> Bench.metric(zombie, "polyptych_worker_stale_finishes_total", "") == 1);
    // Then
    assertEquals(Optional.of(won), bench.results.location(job.id()));
    try (StoredObject sheet = results.open(won, 0, job.format()).orElseThrow()) {
      assertEquals(3, sheet.length());
    }
  }

  @Test
  void aWorkerWithAnotherBucketDoesNotStart() {
    var refused =
        assertThrows(
            IllegalStateException.class,
            () ->
                bench.startWith(
                    "w2",
                    PaintingEngine.eager(),
                    "objects",
                    "s3://pictures/another",
                    "objectsEndpoint",
                    s3.endpoint().toString()));
    assertTrue(refused.getMessage().contains("s3://pictures/another"), refused::getMessage);
  }

  private Worker start(PaintingEngine engine) throws Exception {
    return bench.startWith(
        "w1",
        engine,
        "objects",
        BUCKET.toString(),
        "objectsEndpoint",
        "http://127.0.0.1:" + relay.port(),
        "results",
        "objects");
  }

  /** How many sets it has encoded. */
  private static double drawn(Worker worker) {
    return Bench.metric(worker, "polyptych_worker_encode_seconds_count", "");
  }

  private int width(ResultLocation location, int image, RenderJob job) throws Exception {
    try (StoredObject object = results.open(location, image, job.format()).orElseThrow()) {
      return ImageIO.read(object.bytes()).getWidth();
    }
  }
}
