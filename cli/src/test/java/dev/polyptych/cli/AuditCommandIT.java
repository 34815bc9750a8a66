package dev.polyptych.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.cli.audit.Audit;
import dev.polyptych.cli.audit.AuditReport;
import dev.polyptych.cli.audit.Fault;
import dev.polyptych.dispatcher.enqueue.TopicSetup;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.RenderedSet;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.UnifiedJedis;

/** Every fault is made on a real broker and a real Redis, and found. */
class AuditCommandIT {
  private static final String LANE = "polyptych.render.nano.batch";
  private static final RenderedSet IMAGES =
      new RenderedSet(
          "sheet".getBytes(UTF_8), List.of("one".getBytes(UTF_8), "two".getBytes(UTF_8)));

  /** What was written by the tests is old enough to be judged. */
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(10));

  @TempDir private static Path folder;

  private static KafkaBroker broker;
  private static RedisServer server;
  private static RedisConnection redis;
  private static KafkaProducer<byte[], byte[]> producer;
  private static Admin admin;
  private static JobStore store;

  private String id;
  private JobRequest request;

  @BeforeAll
  static void start() throws Exception {
    broker = KafkaBroker.start(folder);
    server = RedisServer.start();
    redis = RedisConnection.open(server.uri());
    store = new JobStore(redis, Retention.DEFAULT);
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
    admin = Admin.create(settings);
    new TopicSetup(admin).create("nano", 1);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterAll
  static void stop() {
    producer.close();
    admin.close();
    redis.close();
    server.close();
    broker.close();
  }

  @BeforeEach
  void enqueue() throws Exception {
    id = JobId.next(Clock.systemUTC());
    request = request();
    RenderJob job = valid(new JobResolver(CatalogFile.builtIn("nano")).resolve(id, request));
    store.accept(NewJob.of(job, "default"));
    write(LANE, NewJob.of(job, "default").record().bytes());
    store.queued(id, new QueuePlace(LANE, 0, 0));
  }

  @Test
  void aJobThatWaitsIsOnItsWay() throws Exception {
    AuditReport report = audit();

    assertEquals(List.of(), faultsOf(id, report));
    assertTrue(report.open() >= 1, report::text);
  }

  @Test
  void aDoneJobIsClean() throws Exception {
    draw();
    commitAll();

    assertEquals(List.of(), faultsOf(id, audit()));
  }

  @Test
  void aForgottenJobIsLost() throws Exception {
    change(jedis -> jedis.del(key(), key() + ":events"));
    assertEquals(List.of(), faultsOf(id, audit()), "a worker takes it up");

    commitAll();

    assertEquals(List.of(Fault.LOST), faultsOf(id, audit()));
  }

  @Test
  void aRepairBringsALostAndAStrandedJobBackToTheirLane() throws Exception {
    String stranded = id;
    enqueue();
    String lost = id;
    change(jedis -> jedis.del("job:{" + lost + "}", "job:{" + lost + "}:events"));
    commitAll();
    AuditReport found = audit();
    assertEquals(List.of(Fault.STRANDED), faultsOf(stranded, found));
    assertEquals(List.of(Fault.LOST), faultsOf(lost, found));

    new Audit(backends(), Clock.systemUTC(), line -> {}).repair(found, CatalogFile.builtIn("nano"));

    AuditReport after = audit();
    assertEquals(List.of(), faultsOf(stranded, after));
    assertEquals(List.of(), faultsOf(lost, after));
    assertEquals(
        List.of(JobState.QUEUED, JobState.QUEUED),
        Stream.of(stranded, lost).map(job -> store.status(job).orElseThrow().state()).toList());
  }

  @Test
  void anOpenJobWhoseRecordIsCommittedIsStranded() throws Exception {
    commitAll();

    assertEquals(List.of(Fault.STRANDED), faultsOf(id, audit()));
  }

  @Test
  void aDoneJobWithoutAPanelHasNoResult() throws Exception {
    draw();
    change(jedis -> jedis.del(key() + ":panel:2"));

    assertEquals(List.of(Fault.WITHOUT_RESULT), faultsOf(id, audit()));
  }

  @Test
  void imagesThatHaveExpiredInTimeAreNotMissed() throws Exception {
    draw();
    change(jedis -> jedis.del(key() + ":panel:2"));
    Clock nextDay = Clock.offset(Clock.systemUTC(), Duration.ofHours(25));

    assertEquals(List.of(), faultsOf(id, audit(nextDay)));
  }

  @Test
  void aSecondEndIsFound() throws Exception {
    draw();
    change(
        jedis ->
            jedis.xadd(key() + ":events", StreamEntryID.NEW_ENTRY, Map.of("state", "cancelled")));

    assertEquals(List.of(Fault.ENDED_TWICE), faultsOf(id, audit()));
  }

  @Test
  void imagesOfACancelledJobAreStray() throws Exception {
    store.cancel(id, "default");
    change(jedis -> jedis.set(key() + ":sheet", "late"));

    assertEquals(List.of(Fault.STRAY_RESULT), faultsOf(id, audit()));
  }

  @Test
  void aRecordThatTellsAnotherEndThanItsEventsIsContradictory() throws Exception {
    draw();
    change(jedis -> jedis.hset(key(), "state", "expired"));

    assertEquals(List.of(Fault.CONTRADICTORY), faultsOf(id, audit()));
  }

  @Test
  void aJobThatFailedForGoodHasADeadLetter() throws Exception {
    int attempt = claim();
    store.fail(id, attempt, new JobError(ErrorCode.RENDER_FAILED, "no luck"));

    assertEquals(List.of(Fault.WITHOUT_LETTER), faultsOf(id, audit()));
    write(Topics.DEAD, letter(id).bytes());
    assertEquals(List.of(), faultsOf(id, audit()));
  }

  @Test
  void aRecordThatIsNoJobIsPassedOverOnlyWithADeadLetter() throws Exception {
    long offset = write(LANE, "garbage".getBytes(UTF_8));
    String place = LANE + "-0@" + offset;
    assertEquals(List.of(), faultsOf(place, audit()));

    commitAll();

    assertEquals(List.of(Fault.LOST), faultsOf(place, audit()));
  }

  @Test
  void aBackendsOwnJobMayBeUnknownUntilADispatcherSeesIt() throws Exception {
    String own = JobId.next(Clock.systemUTC());
    byte[] record = new RenderRecord(own, "default", request).bytes();
    var direct =
        new ProducerRecord<byte[], byte[]>(Topics.inbox(Lane.INTERACTIVE), 0, null, record);
    direct.headers().add(Topics.HEADER_DIRECT, "1".getBytes(UTF_8));
    producer.send(direct).get(10, TimeUnit.SECONDS);

    assertEquals(List.of(), faultsOf(own, audit()));
    commit(Topics.INBOX_GROUP, Topics.inbox(Lane.INTERACTIVE));
    assertEquals(List.of(Fault.LOST), faultsOf(own, audit()));
  }

  @Test
  void whatAClientWasToldIsLookedForAndTheExitStatusTells() throws Exception {
    Path accepted = Files.writeString(folder.resolve("accepted"), "j-never-heard-of\n");
    StringWriter out = new StringWriter();

    int status =
        Polyptych.commandLine()
            .setOut(new PrintWriter(out))
            .execute(
                "audit",
                "--json",
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--redis",
                server.uri().toString(),
                "--accepted",
                accepted.toString());

    assertEquals(1, status);
    JsonNode report = Json.mapper().readTree(out.toString());
    assertTrue(report.path("faults").path("lost").toString().contains("j-never-heard-of"));
    assertTrue(report.path("lost").intValue() >= 1);
  }

  private static AuditReport audit() throws Exception {
    return audit(LATER);
  }

  private static AuditReport audit(Clock clock) throws Exception {
    return new Audit(backends(), clock, told -> {}).run(List.of());
  }

  private static Audit.Backends backends() {
    return new Audit.Backends(
        broker.bootstrapServers(),
        KafkaSecurity.NONE,
        server.uri(),
        Optional.empty(),
        Retention.DEFAULT);
  }

  private static List<Fault> faultsOf(String what, AuditReport report) {
    return report.faults().entrySet().stream()
        .filter(fault -> fault.getValue().contains(what))
        .map(Map.Entry::getKey)
        .toList();
  }

  private void draw() {
    store.finish(id, claim(), IMAGES);
  }

  private int claim() {
    return ((Claim.Granted) store.claim(id, Claimant.of("w-1"))).attempt();
  }

  private String key() {
    return "job:{" + id + "}";
  }

  private static void change(Function<UnifiedJedis, Object> command) {
    redis.call(command);
  }

  private static long write(String topic, byte[] value) throws Exception {
    return producer
        .send(new ProducerRecord<>(topic, 0, null, value))
        .get(10, TimeUnit.SECONDS)
        .offset();
  }

  /** As if workers had dealt with all that is on the lane. */
  private static void commitAll() throws Exception {
    commit(Topics.group("nano"), LANE);
  }

  private static void commit(String group, String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    var latest = OffsetSpec.latest();
    long end =
        admin
            .listOffsets(Map.of(partition, latest))
            .partitionResult(partition)
            .get(10, TimeUnit.SECONDS)
            .offset();
    admin
        .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(end)))
        .all()
        .get(10, TimeUnit.SECONDS);
  }

  private static DeadLetter letter(String job) {
    return new DeadLetter(
        Optional.of(job),
        ErrorCode.RENDER_FAILED,
        "no luck",
        1,
        new DeadLetter.Origin(LANE, 0, 0),
        Instant.now(),
        new byte[0]);
  }

  private static JobRequest request() throws Exception {
    return valid(
        JobRequestReader.read(
            Json.mapper()
                .readTree(
                    """
                    {"task": "couple-profile", "prompt": "two cats", "panels": ["one", "two"],
                     "seed": 7, "lane": "batch"}
                    """)));
  }

  private static <T> T valid(Validated<T> checked) {
    return ((Validated.Valid<T>) checked).value();
  }
}
