package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.embedded.S3Server;
import dev.polyptych.engine.Eventually;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.Deadline;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.PinnedAdapter;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import dev.polyptych.store.SharedObjects;
import dev.polyptych.store.objects.ObjectContent;
import dev.polyptych.store.registry.AdapterObjects;
import dev.polyptych.weights.digest.Sha256;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose adapters are pinned by digest. */
class FetchedAdaptersIT {
  private static final URI BUCKET = URI.create("s3://adapters/cluster");
  private static final String TASK = "film-storyboard";
  private static final String NOWHERE = "ab".repeat(32);

  @TempDir private Path folder;
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
    s3 = S3Server.start("adapters");
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
  void aJobIsDrawnWithTwoAdaptersOnceTheyAreFetchedAndItsReceiptNamesBoth() throws Exception {
    // Given
    String first = registered("film-storyboard");
    String second = registered("couple-profile");
    Worker worker = bench.startTiny("w1", settings());
    // When
    RenderJob job = bench.submitWith(List.of(pinned(first, 1), pinned(second, -0.5)), request(7));
    RenderJob again = bench.submitWith(List.of(pinned(first, 1), pinned(second, -0.5)), request(8));
    bench.awaitState(job.id(), JobState.DONE);
    bench.awaitState(again.id(), JobState.DONE);
    // Then
    JsonNode adapters =
        Json.mapper().readTree(bench.results.receipt(job.id()).orElseThrow()).path("adapters");
    assertEquals(
        List.of(first, second),
        adapters.valueStream().map(drawn -> drawn.path("digest").textValue()).toList());
    assertEquals(1, bench.store.status(job.id()).orElseThrow().attempt());
    assertEquals(
        2, Bench.metric(worker, "polyptych_worker_adapter_fetches_total", "outcome=\"fetched\""));
  }

  @Test
  void whileTheObjectStoreIsAwayAJobWaitsWithoutAnAttemptAndOthersGoOn() throws Exception {
    // Given
    String digest = registered("couple-profile");
    PaintingEngine engine = PaintingEngine.eager();
    bench.startWith("w1", engine, settings());
    relay.stop(false);
    // When
    RenderJob waiting = bench.submitWith(List.of(pinned(digest, 1)), request(1));
    Eventually.until(
        "it is fetched", () -> bench.heartbeat("w1").fetching().equals(List.of(digest)));
    RenderJob other = bench.submitTo(0, request(2), Map.of());
    bench.awaitState(other.id(), JobState.DONE);
    JobStatus status = bench.store.status(waiting.id()).orElseThrow();
    relay.goOn();
    bench.awaitState(waiting.id(), JobState.DONE);
    // Then
    assertEquals(JobState.QUEUED, status.state());
    assertEquals(0, status.attempt());
    assertEquals(List.of(other.id(), waiting.id()), engine.begun());
    Eventually.until("nothing is fetched", () -> bench.heartbeat("w1").fetching().isEmpty());
  }

  @Test
  void aJobExpiresInTimeThoughItsAdapterHasNotCome() throws Exception {
    // Given
    String digest = registered("couple-profile");
    bench.startWith("w1", PaintingEngine.eager(), settings());
    relay.stop(false);
    // When
    Deadline soon = new Deadline(Optional.of(Instant.now().plusMillis(500)), Optional.empty());
    RenderJob job =
        bench.submitWith(List.of(pinned(digest, 1)), Bench.request(TASK, 1, 2, Optional.of(soon)));
    // Then
    bench.awaitState(job.id(), JobState.EXPIRED);
  }

  @Test
  void aJobWhoseAdapterTheObjectStoreDoesNotHaveFailsWithItsDigest() throws Exception {
    // Given
    PaintingEngine engine = PaintingEngine.eager();
    bench.startWith("w1", engine, settings());
    // When
    RenderJob job = bench.submitWith(List.of(pinned(NOWHERE, 1)), request(1));
    bench.awaitState(job.id(), JobState.FAILED);
    // Then
    JobError error = bench.store.status(job.id()).orElseThrow().error().orElseThrow();
    assertEquals(ErrorCode.ADAPTER_UNAVAILABLE, error.code());
    assertTrue(
        error
            .detail()
            .endsWith(
                "adapter sha256:%s: the object store does not have it; register it again"
                    .formatted(NOWHERE)),
        error::detail);
    assertFalse(error.detail().contains(folder.toString()), error::detail);
    assertEquals(List.of(), engine.begun());
    assertEquals(List.of(NOWHERE), bench.heartbeat("w1").abilities().missing());
  }

  @Test
  void aWorkerWithoutAnObjectStorePassesTheJobOnToOneThatHasIt() throws Exception {
    // Given
    String digest = registered("couple-profile");
    PaintingEngine engine = PaintingEngine.eager();
    bench.startWith("w1", engine, "adapterStore", folder.resolve("none").toString());
    RenderJob job = bench.submitWith(List.of(pinned(digest, 1)), request(1));
    Eventually.until(
        "w1 can't draw it",
        () -> bench.heartbeat("w1").abilities().missing().equals(List.of(digest)));
    // When
    bench.startWith("w2", PaintingEngine.eager(), settings());
    // Then
    bench.awaitState(job.id(), JobState.DONE);
    assertEquals(List.of(), engine.begun());
  }

  private String[] settings() {
    return new String[] {
      "objects",
      BUCKET.toString(),
      "objectsEndpoint",
      "http://127.0.0.1:" + relay.port(),
      "adapterStore",
      folder.resolve("adapters").toString(),
      "undrawableSeconds",
      "1"
    };
  }

  private String registered(String adapter) throws Exception {
    byte[] bytes =
        Files.readAllBytes(
            TinyModels.folder().resolve("adapters").resolve(adapter + ".safetensors"));
    String digest = Sha256.of(bytes);
    objects.put(AdapterObjects.key(digest), ObjectContent.of(bytes, "application/octet-stream"));
    return digest;
  }

  private static PinnedAdapter pinned(String digest, double scale) {
    return new PinnedAdapter("style", Optional.of(1), Optional.of(digest), scale);
  }

  private static JobRequest request(long seed) {
    return Bench.request(TASK, seed, 2, Optional.empty());
  }
}
