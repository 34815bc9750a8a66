package dev.polyptych.dispatcher.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.LaneTail;
import dev.polyptych.dispatcher.RunningDispatcher;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs that come over the inbox, with a broker and a Redis of their own. */
class InboxIT {
  private static final String INBOX = Topics.inbox(Lane.BATCH);
  private static final String LANE = Topics.of("tiny", Lane.BATCH);
  private static final Map<String, String> DIRECT = Map.of(Topics.HEADER_DIRECT, "1");
  private static final String REQUEST =
      "{\"task\": \"%s\", \"prompt\": \"p\", \"panels\": [\"a\", \"b\"], \"seed\": 1,"
          + " \"lane\": \"%s\"}";

  @TempDir private static Path folder;
  private static KafkaBroker broker;
  private static RedisServer redis;
  private static RunningDispatcher running;
  private static KafkaProducer<byte[], byte[]> producer;
  private static Admin admin;

  private final String id = JobId.next(Clock.systemUTC());
  private LaneTail lanes;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start(folder);
    redis = RedisServer.start();
    running =
        RunningDispatcher.start(broker.bootstrapServers(), redis.uri(), Map.of("partitions", "2"));
    running.management().until("/health/ready", body -> true);
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    admin = Admin.create(settings);
  }

  @AfterAll
  static void stop() {
    admin.close();
    producer.close();
    running.close();
    redis.close();
    broker.close();
  }

  @BeforeEach
  void open() {
    lanes = new LaneTail(broker.bootstrapServers());
  }

  @AfterEach
  void close() {
    lanes.close();
  }

  @Test
  void aBackendsJobIsPinnedAndPutOnTheLaneOfItsBase() throws Exception {
    // When
    passOn(value("couple-profile", "batch"), DIRECT);
    // Then
    JobStatus status = status();
    ConsumerRecord<String, byte[]> record = lanes.records().getFirst();
    assertEquals(LANE, record.topic());
    RenderRecord job = read(record.value());
    assertEquals("tiny", job.pins().orElseThrow().base());
    assertEquals("shop", job.tenant());
    assertEquals("couple-profile", record.key());
    assertEquals("1", header(record, Topics.HEADER_EDITION));
    assertEquals(JobState.QUEUED, status.state());
    assertEquals("shop", status.tenant());
    assertEquals(
        Optional.of(new QueuePlace(LANE, record.partition(), record.offset())), status.place());
  }

  @Test
  void aJobThatIsProducedTwiceIsPutOnALaneOnce() throws Exception {
    // When
    passOn(value("couple-profile", "batch"), DIRECT);
    passOn(value("couple-profile", "batch"), DIRECT);
    // Then
    assertEquals(1, lanes.records().size());
    assertEquals(List.of(), letters());
  }

  @Test
  void aReplayAfterTheOutcomeIsKnownIsPassedOver() throws Exception {
    // Given
    passOn(value("couple-profile", "batch"), DIRECT);
    store().cancel(id, "shop");
    running.redis().call(jedis -> jedis.del("job:{" + id + "}"));
    // When
    passOn(value("couple-profile", "batch"), DIRECT);
    // Then
    assertEquals(1, lanes.records().size());
    assertEquals(Optional.empty(), store().status(id));
    assertEquals(List.of(), letters());
  }

  @ParameterizedTest
  @CsvSource({
    "OWN, batch, couple-profil, UNKNOWN_TASK, did you mean 'couple-profile'",
    "OWN, interactive, couple-profile, INVALID_FIELD, must be 'batch' on topic polyptych.render.batch",
    "job-9, batch, couple-profile, INVALID_FIELD, id: must be 'j-'",
    "AGED, batch, couple-profile, INVALID_FIELD, whether a job older than 720 hours",
    "AHEAD, batch, couple-profile, INVALID_FIELD, still to come",
  })
  void aBackendsRecordThatFitsNotIsRefusedWithAWord(
      String which, String lane, String task, ErrorCode code, String detail) throws Exception {
    // Given
    String named =
        switch (which) {
          case "OWN" -> id;
          case "AGED" -> JobId.next(Clock.offset(Clock.systemUTC(), Duration.ofDays(-31)));
          case "AHEAD" -> JobId.next(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(30)));
          default -> which + "-" + id;
        };
    // When
    passOn(value(named, task, lane), DIRECT);
    // Then
    DeadLetter letter = letters(named).getFirst();
    assertEquals(code, letter.reason());
    assertTrue(letter.detail().contains(detail), letter::detail);
    assertEquals(INBOX, letter.origin().topic());
    assertEquals(0, lanes.appended());
  }

  @Test
  void aJobForABaseThatNobodyServesIsRefused() throws Exception {
    // When
    passOn(
        value("couple-profile", "batch"),
        Map.of(Topics.HEADER_DIRECT, "1", Topics.HEADER_BASE, "nano"));
    // Then
    DeadLetter letter = letters().getFirst();
    assertTrue(letter.detail().contains("for model nano, and the dispatchers"), letter::detail);
  }

  @Test
  void anotherTenantsJobIsNotTakenOver() throws Exception {
    // Given
    passOn(value("couple-profile", "batch"), DIRECT);
    String stolen = value("couple-profile", "batch").replace("\"shop\"", "\"thief\"");
    // When
    passOn(stolen, DIRECT);
    // Then
    assertEquals(ErrorCode.UNKNOWN_JOB, letters().getFirst().reason());
    assertEquals(1, lanes.records().size());
    assertEquals(JobState.QUEUED, status().state());
  }

  @Test
  void anUnknownJobOfADispatcherIsTakenUpUnlessItIsTooOld() throws Exception {
    // Given
    String old = JobId.next(Clock.offset(Clock.systemUTC(), Duration.ofDays(-31)));
    // When
    passOn(value("couple-profile", "batch"), Map.of());
    passOn(value(old, "couple-profile", "batch"), Map.of());
    // Then
    assertEquals(JobState.QUEUED, status().state());
    assertEquals(ErrorCode.UNKNOWN_JOB, letters(old).getFirst().reason());
    assertEquals(1, lanes.records().size());
  }

  @Test
  void aRetryOfAWorkerOfTheVersionBeforeKeepsItsAttemptAndItsWait() throws Exception {
    // Given a job that an older worker has tried once
    store().accept(NewJob.of(job(), "shop"));
    store().queued(id, new QueuePlace(INBOX, 0, 0));
    int attempt = ((Claim.Granted) store().claim(id, Claimant.of("old-worker"))).attempt();
    store().retry(id, attempt, Duration.ZERO, new JobError(ErrorCode.RENDER_FAILED, "played"));
    String later = Long.toString(Instant.now().plusSeconds(5).toEpochMilli());
    // When
    passOn(
        value("couple-profile", "batch"),
        Map.of(Topics.HEADER_ATTEMPT, "2", Topics.HEADER_NOT_BEFORE, later));
    // Then
    ConsumerRecord<String, byte[]> record = lanes.records().getFirst();
    assertEquals("2", header(record, Topics.HEADER_ATTEMPT));
    assertEquals(later, header(record, Topics.HEADER_NOT_BEFORE));
    assertEquals(1, status().attempt());
  }

  @Test
  void aRecordThatComesAgainAfterADeathPutsTheJobOnALaneAgainAndMakesTheFirstVoid()
      throws Exception {
    // Given a record that was passed on, and whose dispatcher died before its commit
    long offset = passOn(value("couple-profile", "batch"), DIRECT);
    QueuePlace from = new QueuePlace(INBOX, 0, offset);
    // When it is delivered again
    var again = store().forward(id, RecordVersion.FIRST, from);
    // Then
    assertEquals(2, again.orElseThrow().edition());
    assertEquals(
        new Claim.Outdated(),
        store()
            .claim(
                id,
                new Claimant(
                    "w-1",
                    Duration.ZERO,
                    Optional.of("shop"),
                    Optional.of(new RecordVersion(1, 1, 0)))));
  }

  @Test
  void garbageIsBuriedAndTheNextRecordIsReadOn() throws Exception {
    // When
    passOn("garbage-" + id, Map.of());
    passOn(value("couple-profile", "batch"), DIRECT);
    // Then
    assertEquals(ErrorCode.MALFORMED_RECORD, lettersWith("garbage-" + id).getFirst().reason());
    assertEquals(JobState.QUEUED, status().state());
  }

  /** Produces a record and waits until it is committed. Returns its offset. */
  private static long passOn(String value, Map<String, String> headers) throws Exception {
    var record = new ProducerRecord<byte[], byte[]>(INBOX, 0, null, value.getBytes(UTF_8));
    headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    long offset = producer.send(record).get(20, TimeUnit.SECONDS).offset();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (committed() <= offset) {
      assertTrue(System.nanoTime() < end, "the record is not committed in a minute");
    }
    return offset;
  }

  private static long committed() throws Exception {
    OffsetAndMetadata committed =
        admin
            .listConsumerGroupOffsets(Topics.INBOX_GROUP)
            .partitionsToOffsetAndMetadata()
            .get(20, TimeUnit.SECONDS)
            .get(new TopicPartition(INBOX, 0));
    return committed == null ? 0 : committed.offset();
  }

  private String value(String task, String lane) {
    return value(id, task, lane);
  }

  private static String value(String id, String task, String lane) {
    return "{\"v\": 1, \"id\": \"%s\", \"tenant\": \"shop\", \"request\": %s}"
        .formatted(id, REQUEST.formatted(task, lane));
  }

  private RenderJob job() {
    JobRequest request =
        valid(JobRequestReader.read(REQUEST.formatted("couple-profile", "batch").getBytes(UTF_8)));
    return valid(new JobResolver(CatalogFile.builtIn("tiny")).resolve(id, request));
  }

  private static JobStore store() {
    return new JobStore(running.redis(), Retention.DEFAULT);
  }

  private JobStatus status() {
    return store().status(id).orElseThrow();
  }

  private static RenderRecord read(byte[] value) {
    return valid(RenderRecord.read(value));
  }

  private static <T> T valid(Validated<T> read) {
    return switch (read) {
      case Validated.Valid<T>(T value) -> value;
      case Validated.Invalid<T> wrong -> throw new IllegalArgumentException(wrong.toString());
    };
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private List<DeadLetter> letters() {
    return letters(id);
  }

  private static List<DeadLetter> letters(String job) {
    return lettersWith(job);
  }

  /** The letters whose record contains a text. */
  private static List<DeadLetter> lettersWith(String text) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", broker.bootstrapServers());
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition dead = new TopicPartition(Topics.DEAD, 0);
      consumer.assign(List.of(dead));
      consumer.seekToBeginning(List.of(dead));
      long end = consumer.endOffsets(List.of(dead)).get(dead);
      List<DeadLetter> letters = new ArrayList<>();
      while (consumer.position(dead) < end) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          DeadLetter letter = DeadLetter.read(record.value());
          if (new String(letter.value(), UTF_8).contains(text)) {
            letters.add(letter);
          }
        }
      }
      return letters;
    } catch (IOException foreign) {
      throw new UncheckedIOException(foreign);
    }
  }
}
