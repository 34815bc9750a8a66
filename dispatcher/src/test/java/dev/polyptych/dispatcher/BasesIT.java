package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.Topics;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dispatcher whose catalog is of base tiny accepts jobs of bases that are declared later. */
class BasesIT {
  @TempDir private static Path folder;

  private static KafkaBroker broker;
  private static RedisServer redis;
  private static RunningDispatcher running;
  private static ApiCaller caller;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start(folder.resolve("kafka"));
    redis = RedisServer.start();
    Map<String, String> settings = Map.of("objects", folder.resolve("objects").toUri().toString());
    running = RunningDispatcher.start(broker.bootstrapServers(), redis.uri(), settings);
    caller = running.caller();
  }

  @AfterAll
  static void stop() {
    running.close();
    redis.close();
    broker.close();
  }

  @Test
  void aJobOfADeclaredBaseIsCountedAndWaitsThoughNoWorkerWasEverSeen() throws Exception {
    declare("nano", 3);
    task("nano-pair", "nano");
    running.management().until("/metrics", body -> body.contains(backlog("nano", "batch", 0)));

    JsonNode job = submitted("nano-pair", "\"lane\": \"batch\"");

    assertEquals("nano", job.path("base").textValue());
    assertTrue(job.at("/text/limit").asInt() > 0, job::toPrettyString);
    running.management().until("/metrics", body -> body.contains(backlog("nano", "batch", 1)));
    String metrics = new String(running.management().get("/metrics").body(), UTF_8);
    assertTrue(metrics.contains(backlog("tiny", "batch", 0)));
    assertTrue(
        metrics.contains(
            "polyptych_dispatcher_outstanding_gpu_seconds{base=\"tiny\",lane=\"batch\"} 0.0"));
    assertEquals(List.of(3, 3), partitions("nano"));
    JsonNode why = json(caller.get("/v1/jobs/" + job.path("id").textValue() + "/why"));
    assertEquals("NO_WORKER", why.at("/reasons/0/code").textValue(), why::toPrettyString);
  }

  @Test
  void tasksOfAllBasesAreListedWithTheirBase() throws Exception {
    declare("listed", 1);
    task("listed-pair", "listed");

    JsonNode tasks = json(caller.get("/v1/tasks")).path("tasks");

    assertEquals("listed", base(tasks, "listed-pair"));
    assertEquals("tiny", base(tasks, "couple-profile"));
    assertEquals(0, json(caller.get("/v1/tasks/listed-pair/placement")).path("spread").size());
  }

  @Test
  void aTaskThatIsRegisteredForAnotherBaseTakesTheBuiltInOnesPlace() throws Exception {
    declare("moved", 1);
    task("font-design", "moved");

    assertEquals("moved", submitted("font-design", "\"steps\": 2").path("base").textValue());
    assertEquals(200, caller.delete("/v1/tasks/font-design").statusCode());

    assertEquals("tiny", base(json(caller.get("/v1/tasks")).path("tasks"), "font-design"));
  }

  @Test
  void aBackendsRecordGoesToTheBaseOfItsTask() throws Exception {
    declare("direct", 2);
    task("direct-pair", "direct");

    String right = produced("direct-pair", "direct");
    String wrong = produced("direct-pair", "tiny");

    assertEquals(
        "direct",
        json(caller.until("/v1/jobs/" + right, body -> body.contains("queued")))
            .path("base")
            .textValue());
    running
        .management()
        .until(
            "/metrics",
            body ->
                body.contains("polyptych_dispatcher_inbox_records_total{outcome=\"dead\"} 1.0"));
    assertEquals(404, caller.get("/v1/jobs/" + wrong).statusCode());
  }

  @Test
  void aBaseWhoseLanesAreDeletedRefusesItsJobsAndTheOthersGoOn() throws Exception {
    declare("lost", 1);
    task("lost-pair", "lost");
    submitted("lost-pair", "\"steps\": 2");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.deleteTopics(Topics.lanes("lost")).all().get(20, TimeUnit.SECONDS);
    }

    String job = request("lost-pair", "\"steps\": 2");
    HttpResponse<byte[]> refused = caller.submit(job);
    while (refused.statusCode() == 202) {
      refused = caller.submit(job);
    }

    assertEquals(503, refused.statusCode());
    assertEquals(202, caller.submit(Requests.COUPLE).statusCode());
    assertEquals(200, running.management().get("/health/ready").statusCode());
  }

  @Test
  void aRemovedBaseAcceptsNoMoreJobsUntilItIsDeclaredAgain() {
    declare("passing", 1);
    task("passing-pair", "passing");
    String job = request("passing-pair", "\"steps\": 2");

    assertEquals(200, caller.delete("/v1/bases/passing").statusCode());
    HttpResponse<byte[]> refused = caller.submit(job);
    assertEquals(404, caller.delete("/v1/bases/passing").statusCode());
    declare("passing", 1);

    assertEquals("UNKNOWN_TASK", json(refused).at("/errors/0/code").textValue());
    caller.submittedInTime(job);
  }

  private static String backlog(String base, String lane, int jobs) {
    return "polyptych_dispatcher_backlog_jobs{base=\"%s\",lane=\"%s\"} %.1f"
        .formatted(base, lane, (double) jobs);
  }

  private static List<Integer> partitions(String base) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      return admin
          .describeTopics(Topics.lanes(base))
          .allTopicNames()
          .get(20, TimeUnit.SECONDS)
          .values()
          .stream()
          .map(topic -> topic.partitions().size())
          .toList();
    }
  }

  private static String base(JsonNode tasks, String id) {
    for (JsonNode task : tasks) {
      if (task.path("id").textValue().equals(id)) {
        return task.path("base").textValue();
      }
    }
    throw new AssertionError("no task " + id);
  }

  private static void declare(String base, int partitions) {
    put(
        "/v1/bases/" + base,
        "id: %s\nnote: for tests\npartitions: %d\n".formatted(base, partitions));
  }

  private static void task(String id, String base) {
    put(
        "/v1/tasks/" + id,
        """
        id: %s
        base: %s
        title: A pair
        adapters: []
        layout: {rows: 1, columns: 2, panelWidth: 64, panelHeight: 64}
        template: "{prompt}; {panel1}; {panel2}"
        defaults: {steps: 2, guidance: 1.0, adapterScale: 1.0}
        example: {prompt: inks, panels: [a, b]}
        """
            .formatted(id, base));
  }

  private static void put(String path, String yaml) {
    HttpResponse<byte[]> answer =
        caller.send(
            caller
                .request(path)
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString(yaml)));
    assertEquals(200, answer.statusCode(), () -> new String(answer.body(), UTF_8));
  }

  private static String request(String task, String field) {
    return "{\"task\": \"%s\", \"prompt\": \"p\", \"panels\": [\"a\", \"b\"], %s}"
        .formatted(task, field);
  }

  private static JsonNode submitted(String task, String field) {
    return json(caller.get("/v1/jobs/" + caller.submittedInTime(request(task, field))));
  }

  /** Puts a job on the inbox as a backend does. */
  private static String produced(String task, String base) throws Exception {
    String id = JobId.next(Clock.systemUTC());
    String record =
        "{\"v\": 1, \"id\": \"%s\", \"tenant\": \"default\", \"request\": %s}"
            .formatted(id, request(task, "\"seed\": 3"));
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      var raw =
          new ProducerRecord<>(
              Topics.inbox(Lane.INTERACTIVE), (String) null, record.getBytes(UTF_8));
      raw.headers()
          .add(Topics.HEADER_DIRECT, "1".getBytes(UTF_8))
          .add(Topics.HEADER_BASE, base.getBytes(UTF_8));
      producer.send(raw).get(20, TimeUnit.SECONDS);
    }
    return id;
  }

  private static JsonNode json(HttpResponse<byte[]> answer) {
    return ApiCaller.json(answer);
  }

  private static JsonNode json(String body) {
    return ApiCaller.json(body);
  }
}
