package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.embedded.S3Server;
import dev.polyptych.engine.Eventually;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.registry.BaseDeclaration;
import dev.polyptych.store.SharedObjects;
import dev.polyptych.store.registry.Registry;
import dev.polyptych.store.registry.RegistryWriter;
import dev.polyptych.weights.digest.ModelDigests;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers whose base lists the weights that it accepts. */
class RefusedWeightsIT {
  private static final URI BUCKET = URI.create("s3://bases/cluster");
  private static final String OTHER = "ab".repeat(32);
  private static final Duration START = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private S3Server s3;
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
    s3 = S3Server.start("bases");
    redis = RedisServer.start();
    bench = Bench.open(Backends.kafkaBootstrapServers(), redis.uri());
    objects =
        SharedObjects.open(new ObjectSettings(BUCKET, Optional.of(s3.endpoint())), bench.redis);
  }

  @AfterEach
  void close() {
    bench.close();
    objects.close();
    redis.close();
    s3.close();
  }

  @Test
  void aWorkerWithOtherWeightsJoinsNoLaneUntilTheyAreDeclared() throws Exception {
    // Given
    String own = ModelDigests.start(TinyModels.folder()).together();
    declare(List.of(OTHER));
    RenderJob job = bench.submit("film-storyboard", 5, 2);
    // When
    Worker worker = begin();
    Eventually.until(
        "it says that its weights are refused",
        () ->
            bench.heartbeats().stream()
                .anyMatch(it -> it.abilities().refusedWeights().equals(Optional.of(own))));
    int ready = Bench.health(worker, "/health/ready");
    int alive = Bench.health(worker, "/health/live");
    JobState waiting = bench.store.status(job.id()).orElseThrow().state();
    declare(List.of(OTHER, own));
    // Then
    bench.awaitState(job.id(), JobState.DONE);
    assertEquals(503, ready);
    assertEquals(200, alive);
    assertEquals(JobState.QUEUED, waiting);
    Eventually.until(
        "it says no more that they are",
        () -> bench.heartbeat("w1").abilities().refusedWeights().isEmpty());
  }

  @Test
  void aBaseThatListsNoWeightsAcceptsAny() throws Exception {
    // Given
    declare(List.of());
    // When
    Worker worker = begin();
    // Then
    worker.awaitReady(START);
  }

  private Worker begin() {
    return bench.begin(
        "w1",
        PaintingEngine::eager,
        Map.of(
            "objects",
            BUCKET.toString(),
            "objectsEndpoint",
            s3.endpoint().toString(),
            "model",
            TinyModels.folder().toString(),
            "adapterStore",
            folder.resolve("adapters").toString()));
  }

  private void declare(List<String> weights) {
    Registry registry = new Registry(objects, bench.redis);
    new RegistryWriter(objects, registry, Clock.systemUTC())
        .putBase(
            new BaseDeclaration(
                "tiny",
                "for tests",
                Optional.empty(),
                Optional.empty(),
                weights,
                Optional.empty(),
                Optional.empty()));
  }
}
