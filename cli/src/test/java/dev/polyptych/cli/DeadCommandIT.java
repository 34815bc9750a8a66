package dev.polyptych.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.dispatcher.Dispatcher;
import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.dispatcher.enqueue.TopicSetup;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.config.Settings;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters as an operator handles them, on a broker of the test's own. */
class DeadCommandIT {
  private static final String RECORD =
      """
      {"v": 1, "id": "j-dead", "tenant": "default", "request": {"task": "couple-profile",
       "prompt": "two cats", "panels": ["one", "two"], "seed": 7,
       "deadline": {"finishBy": "2020-01-01T00:00:00Z"}, "metadata": {"order": "A-17"}}}
      """;
  private static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private static Path folder;

  private static KafkaBroker broker;
  private static KafkaProducer<byte[], byte[]> producer;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    broker = KafkaBroker.start(folder);
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(settings)) {
      new TopicSetup(admin).create("nano", 2);
    }
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterAll
  static void stop() {
    producer.close();
    broker.close();
  }

  @BeforeEach
  void bury() throws Exception {
    dead("purge", "--before", "2999-01-01T00:00:00Z");
    out.getBuffer().setLength(0);
    write(letter(Optional.empty(), ErrorCode.MALFORMED_RECORD, "garbage"), OLD);
    write(letter(Optional.of("j-dead"), ErrorCode.RENDER_FAILED, RECORD), Instant.now());
  }

  @Test
  void listTellsJobCodeAttemptsAndCause() {
    int status = dead("list");

    assertEquals(0, status, err.toString());
    assertTrue(
        out.toString().contains("j-dead  RENDER_FAILED  3 attempts  no luck"), out::toString);
    assertTrue(out.toString().contains("(no job)  MALFORMED_RECORD"), out::toString);
    assertTrue(out.toString().contains("2 dead letters"), out::toString);
  }

  @Test
  void listAsJsonIsOneArrayWithoutTheRecords() throws Exception {
    dead("list", "--json");

    JsonNode list = Json.mapper().readTree(out.toString());
    assertEquals(2, list.size());
    assertEquals("RENDER_FAILED", list.path(1).path("code").textValue());
    assertEquals(4, list.path(1).path("origin").path("offset").intValue());
    assertTrue(list.path(1).path("value").isMissingNode());
  }

  @Test
  void showTellsTheOriginAndTheRecord() {
    int status = dead("show", "j-dead");

    assertEquals(0, status, err.toString());
    assertTrue(
        out.toString().contains("polyptych.render.batch, partition 1, offset 4"), out::toString);
    assertTrue(out.toString().contains("two cats"), out::toString);
  }

  @Test
  void aJobWithoutALetterIsToldSo() {
    int status = dead("show", "j-alive");

    assertEquals(1, status);
    assertTrue(err.toString().contains("no dead letter of job j-alive"), err::toString);
  }

  @Test
  void purgeDeletesOnlyWhatIsOlder() throws Exception {
    dead("purge", "--before", "2026-02-01T00:00:00Z", "--json");
    assertEquals(1, Json.mapper().readTree(out.toString()).path("purged").intValue());
    out.getBuffer().setLength(0);

    dead("list", "--json");

    JsonNode list = Json.mapper().readTree(out.toString());
    assertEquals(1, list.size());
    assertEquals("j-dead", list.path(0).path("job").textValue());
  }

  @Test
  void replaySubmitsANewJobThatNamesTheOldOne() throws Exception {
    try (RedisServer redis = RedisServer.start();
        Dispatcher dispatcher = dispatcher(redis.uri());
        DispatcherClient client =
            new DispatcherClient(URI.create("http://127.0.0.1:" + dispatcher.port()))) {
      String[] replay = {
        "replay", "j-dead", "--json", "--dispatcher", "http://127.0.0.1:" + dispatcher.port()
      };
      int status = dead(replay);
      for (int i = 0; i < 100 && err.toString().contains("does not answer"); i++) {
        err.getBuffer().setLength(0);
        status = dead(replay);
      }

      assertEquals(0, status, err.toString());
      String id = Json.mapper().readTree(out.toString()).path("id").textValue();
      assertNotEquals("j-dead", id);
      JobStatus replayed = client.status(id);
      assertEquals(Map.of("order", "A-17", "replayOf", "j-dead"), replayed.metadata());
      assertEquals(7, replayed.seed());
    }
  }

  private static Dispatcher dispatcher(URI redis) {
    return Dispatcher.start(
        DispatcherConfig.read(
            Settings.Sources.of(
                Map.of(
                    "bootstrapServers", broker.bootstrapServers(),
                    "redis", redis.toString(),
                    "catalog", "tiny",
                    "port", "0",
                    "managementPort", "0"))));
  }

  private static DeadLetter letter(Optional<String> job, ErrorCode code, String value) {
    return new DeadLetter(
        job,
        code,
        "no luck",
        3,
        new DeadLetter.Origin("polyptych.render.batch", 1, 4),
        Instant.now(),
        value.getBytes(UTF_8));
  }

  private static void write(DeadLetter letter, Instant at) throws Exception {
    producer
        .send(new ProducerRecord<>(Topics.DEAD, null, at.toEpochMilli(), null, letter.bytes()))
        .get(20, TimeUnit.SECONDS);
  }

  private int dead(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "dead";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--bootstrap-servers";
    all[arguments.length + 2] = broker.bootstrapServers();
    return Polyptych.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }
}
