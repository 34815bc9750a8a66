package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.embedded.S3Server;
import dev.polyptych.engine.Eventually;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.Deadline;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Reference;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.SharedObjects;
import dev.polyptych.store.Shelving;
import dev.polyptych.worker.publish.ImageEncoder;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs whose references lie in the object store. */
class ObjectReferencesIT {
  private static final URI BUCKET = URI.create("s3://references/cluster");

  private S3Server s3;
  private Relay relay;
  private RedisServer redis;
  private Bench bench;
  private SharedObjects objects;

  @BeforeAll
  static void logOn() {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
  }

  @BeforeEach
  void open() throws Exception {
    s3 = S3Server.start("references");
    relay = Relay.to(s3.endpoint());
    redis = RedisServer.start();
    bench = Bench.open(Backends.kafkaBootstrapServers(), redis.uri());
    objects =
        SharedObjects.open(new ObjectSettings(BUCKET, Optional.of(s3.endpoint())), bench.redis);
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
  void aJobIsDrawnWithAReferenceOfTheObjectStore() throws Exception {
    // Given
    bench.startWith("w1", PaintingEngine.eager(), settings());
    // When
    RenderJob job = bench.submit(with(kept(), Optional.empty()));
    // Then
    bench.awaitState(job.id(), JobState.DONE);
  }

  @Test
  void whileTheObjectStoreIsAwayAJobWithAReferenceWaitsWithoutAnAttemptAndOthersGoOn()
      throws Exception {
    // Given
    String key = kept();
    PaintingEngine engine = PaintingEngine.eager();
    Worker worker = bench.startWith("w1", engine, settings());
    relay.stop(false);
    // When
    RenderJob waiting = bench.submit(with(key, Optional.empty()));
    RenderJob second = bench.submit(with(key, Optional.empty()));
    Eventually.until("its picture was asked for once", () -> postponed(worker) == 1);
    RenderJob other = bench.submitTo(0, request(2), Map.of());
    bench.awaitState(other.id(), JobState.DONE);
    JobStatus status = bench.store.status(waiting.id()).orElseThrow();
    relay.goOn();
    bench.awaitState(waiting.id(), JobState.DONE);
    bench.awaitState(second.id(), JobState.DONE);
    // Then
    assertEquals(JobState.QUEUED, status.state());
    assertEquals(1, postponed(worker));
    assertEquals(other.id(), engine.begun().getFirst());
    assertEquals(1, Collections.frequency(engine.begun(), waiting.id()));
    assertEquals(1, Collections.frequency(engine.begun(), second.id()));
  }

  @Test
  void aJobExpiresInTimeThoughItsReferenceCantBeFetched() throws Exception {
    // Given
    String key = kept();
    Worker worker = bench.startWith("w1", PaintingEngine.eager(), settings());
    relay.stop(false);
    bench.submit(with(key, Optional.empty()));
    Eventually.until("its picture was asked for", () -> postponed(worker) == 1);
    // When
    Deadline soon = new Deadline(Optional.of(Instant.now().plusMillis(500)), Optional.empty());
    RenderJob job = bench.submit(with(key, Optional.of(soon)));
    // Then
    bench.awaitState(job.id(), JobState.EXPIRED);
  }

  @Test
  void aReferenceWhoseObjectIsGoneHasExpired() throws Exception {
    // Given
    String key = kept();
    objects.list("references/", entry -> objects.delete(entry.key()));
    bench.startWith("w1", PaintingEngine.eager(), settings());
    // When
    RenderJob job = bench.submit(with(key, Optional.empty()));
    bench.awaitState(job.id(), JobState.FAILED);
    // Then
    JobStatus status = bench.store.status(job.id()).orElseThrow();
    JobError error = status.error().orElseThrow();
    assertEquals(1, status.attempt());
    assertEquals(ErrorCode.REFERENCE_EXPIRED, error.code());
    assertTrue(error.detail().startsWith("references[0].key: the picture"), error::detail);
  }

  @Test
  void aWorkerWithoutTheObjectStoreSaysWhatToSet() throws Exception {
    // Given
    String key = kept();
    bench.startWith("w1", PaintingEngine.eager(), "retryBackoffSeconds", "0");
    // When
    RenderJob job = bench.submit(with(key, Optional.empty()));
    bench.awaitState(job.id(), JobState.FAILED);
    // Then
    JobError error = bench.store.status(job.id()).orElseThrow().error().orElseThrow();
    assertEquals(ErrorCode.OBJECTS_UNAVAILABLE, error.code());
    assertTrue(error.detail().contains("setting objects"), error::detail);
  }

  private String[] settings() {
    return new String[] {
      "objects", BUCKET.toString(), "objectsEndpoint", "http://127.0.0.1:" + relay.port()
    };
  }

  /** How many attempts gave up because the object store did not answer. */
  private static double postponed(Worker worker) {
    return Bench.metric(worker, "polyptych_worker_attempts_total", "outcome=\"postponed\"");
  }

  private String kept() {
    byte[] rgb = new byte[3 * 16 * 16];
    byte[] picture = ImageEncoder.encode(new SheetPixels(16, 16, rgb), ImageFormat.PNG);
    ReferenceStore references =
        new ReferenceStore(
            bench.redis, Retention.DEFAULT, Optional.of(objects), true, Clock.systemUTC());
    return ((Shelving.Kept) references.put("tester", picture, OptionalLong.empty())).key();
  }

  private static JobRequest with(String key, Optional<Deadline> until) {
    return Bench.request("couple-profile", 7, 3, until)
        .withReferences(List.of(new Reference(1, key)));
  }

  private static JobRequest request(long seed) {
    return Bench.request("film-storyboard", seed, 2, Optional.empty());
  }
}
