package dev.polyptych.cli.upgrade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.json.Json;
import dev.polyptych.worker.trace.StartTimes;
import io.opentelemetry.api.OpenTelemetry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise of {@code docs/upgrading.md}, with a cluster of today on what the version before left
 * in Kafka and Redis. Looks at it over HTTP and at the bytes themselves, so that no class of today
 * decides what is right.
 */
class OneVersionBackIT {
  static final Path FIXTURE = Path.of("src/test/resources/one-version-back/recording.json");

  /** Written only if a checkpoint was in time. */
  private static final Set<String> SOMETIMES = Set.of("checkpointStep");

  @TempDir private static Path folder;

  private static Recording old;
  private static RedisServer redis;
  private static KafkaBroker broker;
  private static EmbeddedCluster cluster;
  private static Api api;

  @BeforeAll
  static void startOnWhatTheOldVersionLeft() throws Exception {
    old = Recording.read(FIXTURE);
    redis = RedisServer.start();
    broker = KafkaBroker.start(folder.resolve("kafka"));
    old.load(broker.bootstrapServers(), redis.uri());
    cluster =
        EmbeddedCluster.lasting(
            TinyModels.folder(),
            folder,
            new TreeMap<>(
                Map.of(
                    "redis", redis.uri().toString(),
                    "bootstrapServers", broker.bootstrapServers(),
                    "catalog", "tiny",
                    "partitions", "4",
                    "sweepAfterSeconds", "15",
                    "port", "0",
                    "managementPort", "0")),
            OpenTelemetry.noop(),
            StartTimes.fromNow());
    api = new Api(cluster.dispatcher());
  }

  @AfterAll
  static void stop() {
    cluster.close();
    broker.close();
    redis.close();
  }

  @Test
  void doneJobsOfTheOldVersionAreReadWhole() throws Exception {
    for (String id : old.jobs().get("done")) {
      assertEquals("done", api.get("/v1/jobs/" + id).path("state").asText());
      assertEquals(id, api.get("/v1/jobs/" + id + "/receipt").path("job").asText());
      assertTrue(
          ImageIO.read(new ByteArrayInputStream(api.bytes("/v1/jobs/" + id + "/sheet"))).getWidth()
              > 0);
      String events = new String(api.bytes("/v1/jobs/" + id + "/events"), StandardCharsets.UTF_8);
      assertTrue(events.contains("event: done"), events);
    }
  }

  @Test
  void jobsThatTheOldVersionQueuedAreDrawn() throws Exception {
    for (String id : old.jobs().get("queued")) {
      api.await(id, "done");
    }
  }

  @Test
  void aJobThatAnOldWorkerDiedOnIsDrawnToItsEnd() throws Exception {
    for (String id : old.jobs().get("rendering")) {
      api.await(id, "done");
    }
  }

  @Test
  void aCancelledJobStaysCancelled() throws Exception {
    for (String id : old.jobs().get("cancelled")) {
      assertEquals("cancelled", api.get("/v1/jobs/" + id).path("state").asText());
    }
  }

  @Test
  void theListOfJobsHasThoseOfTheOldVersion() throws Exception {
    Set<String> listed = new TreeSet<>(api.get("/v1/jobs").path("jobs").findValuesAsText("id"));

    old.jobs().values().forEach(ids -> assertTrue(listed.containsAll(ids), listed.toString()));
  }

  @Test
  void whatTodaysVersionWritesHasAllThatTheOldOneReads() throws Exception {
    String id = api.submit("film-storyboard", 4);
    api.await(id, "done");

    Recording today =
        Recording.of(Map.of("done", List.of(id)), broker.bootstrapServers(), redis.uri());

    String before = old.jobs().get("done").getFirst();
    assertWrites(record(old, before), record(today, id));
    assertWrites(hash(old, before), hash(today, id));
    assertEquals(keyNames(old, before), keyNames(today, id));
  }

  /** Every field is there, and of the same kind; more fields are ignored by old readers. */
  private static void assertWrites(JsonNode old, JsonNode today) {
    old.properties().stream()
        .filter(field -> !SOMETIMES.contains(field.getKey()))
        .forEach(
            field -> {
              JsonNode now = today.path(field.getKey());
              assertEquals(field.getValue().getNodeType(), now.getNodeType(), field.getKey());
              if (field.getValue().isObject()) {
                assertWrites(field.getValue(), now);
              }
            });
  }

  private static JsonNode record(Recording recording, String id) throws IOException {
    String value =
        recording.records().stream()
            .map(Recording.Message::value)
            .filter(text -> text != null && text.contains(id))
            .findFirst()
            .orElseThrow();
    return Json.mapper().readTree(value);
  }

  private static JsonNode hash(Recording recording, String id) {
    return recording.keys().stream()
        .filter(key -> key.type().equals("hash") && key.key().contains(id))
        .findFirst()
        .map(key -> Json.mapper().valueToTree(key.entries()).<JsonNode>deepCopy())
        .orElseThrow();
  }

  /** The keys of a job, without its id. */
  private static Set<String> keyNames(Recording recording, String id) {
    Set<String> names = new TreeSet<>();
    recording.keys().stream()
        .filter(key -> key.key().contains(id))
        .forEach(key -> names.add(key.type() + " " + key.key().replace(id, "ID")));
    return names;
  }
}
