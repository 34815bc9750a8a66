package dev.polyptych.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.fleet.Needs;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.intake.RecordReader.RecordReading;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordReaderTest {
  private static final TopicPartition PARTITION = new TopicPartition(Topics.of(Lane.BATCH), 3);
  private static final RecordPosition PLACE = new RecordPosition(PARTITION, 9, 1);

  @Test
  void aRecordOfOursBecomesAJobOfItsTopicsLane() {
    // Given
    ConsumerRecord<byte[], byte[]> raw = Recorded.job(PARTITION, 9);
    raw.headers().add(Topics.HEADER_ATTEMPT, "2".getBytes(UTF_8));
    raw.headers().add(Topics.HEADER_TRACEPARENT, "00-1-2-01".getBytes(UTF_8));
    // When
    RecordReading reading = Recorded.reader().read(raw, PLACE);
    // Then
    Delivery delivery = assertInstanceOf(RecordReading.Job.class, reading).delivery();
    assertEquals("job-9", delivery.id());
    assertEquals("couple-profile", delivery.adapter());
    assertEquals(Lane.BATCH, delivery.lane());
    assertEquals(new JobHeaders(2, Optional.of("00-1-2-01")), delivery.headers());
    assertEquals(Recorded.NOW, delivery.arrivedAt());
  }

  @ParameterizedTest
  @CsvSource({"2000, 2", "999999999999999, 60", "soon,", "-1,"})
  void aJobIsHeldBackAsItsHeaderSaysButNotForLong(String header, Integer seconds) {
    // Given
    var raw = Recorded.job(PARTITION, 9);
    boolean offset = header.equals("2000");
    String millis = offset ? Long.toString(Recorded.NOW.plusMillis(2000).toEpochMilli()) : header;
    raw.headers().add(Topics.HEADER_NOT_BEFORE, millis.getBytes(UTF_8));
    // When
    RecordReading reading = Recorded.reader().read(raw, PLACE);
    // Then
    Delivery delivery = assertInstanceOf(RecordReading.Job.class, reading).delivery();
    assertEquals(
        Optional.ofNullable(seconds).map(Recorded.NOW::plusSeconds),
        delivery.headers().notBefore());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "77, 2", "-1, 0", "many, 0", "99999, 0"})
  void hopsAreReadAndClampedAsAttemptsAre(String header, int hops) {
    // Given
    var raw = Recorded.job(PARTITION, 9);
    raw.headers().add(Topics.HEADER_HOPS, header.getBytes(UTF_8));
    // When
    RecordReading reading = Recorded.reader().read(raw, PLACE);
    // Then
    Delivery delivery = assertInstanceOf(RecordReading.Job.class, reading).delivery();
    assertEquals(hops, delivery.headers().hops());
    assertEquals(new RecordVersion(1, hops), delivery.headers().version());
  }

  @Test
  void whatIsHandedOverKeepsAllHeadersAndCountsAHop() {
    // Given
    JobHeaders headers =
        new JobHeaders(
            2,
            Optional.of("00-1-2-01"),
            Optional.of(Recorded.NOW),
            true,
            0,
            Optional.of("tiny"),
            0,
            0);
    // When
    List<Header> kafka = headers.handedOver().kafka("somebody");
    // Then
    assertEquals(
        Map.of(
            Topics.HEADER_ATTEMPT, "2",
            Topics.HEADER_TENANT, "somebody",
            Topics.HEADER_TRACEPARENT, "00-1-2-01",
            Topics.HEADER_NOT_BEFORE, Long.toString(Recorded.NOW.toEpochMilli()),
            Topics.HEADER_DIRECT, "1",
            Topics.HEADER_BASE, "tiny",
            Topics.HEADER_HOPS, "1"),
        kafka.stream()
            .collect(Collectors.toMap(Header::key, header -> new String(header.value(), UTF_8))));
  }

  @Test
  void anAttemptHeaderThatMakesNoSenseCountsAsTheFirst() {
    // Given
    ConsumerRecord<byte[], byte[]> raw = Recorded.job(PARTITION, 9);
    raw.headers().add(Topics.HEADER_ATTEMPT, "-7".getBytes(UTF_8));
    // When
    RecordReading reading = Recorded.reader().read(raw, PLACE);
    // Then
    assertEquals(
        1, assertInstanceOf(RecordReading.Job.class, reading).delivery().headers().attempt());
  }

  @Test
  void whatIsNoJsonIsRefusedWithItsOriginAndValue() {
    // When
    DeadLetter letter = refused("garbage".getBytes(UTF_8));
    // Then
    assertEquals(ErrorCode.MALFORMED_RECORD, letter.code());
    assertEquals(new DeadLetter.Origin(Topics.of(Lane.BATCH), 3, 9), letter.origin());
    assertEquals("garbage", new String(letter.value(), UTF_8));
  }

  @Test
  void anEmptyRecordIsRefused() {
    assertEquals(ErrorCode.MALFORMED_RECORD, refused(null).code());
  }

  @Test
  void anUnknownMessageVersionIsRefused() {
    assertEquals(
        ErrorCode.UNSUPPORTED_VERSION, refused("{\"v\":99,\"id\":\"x\"}".getBytes(UTF_8)).code());
  }

  @Test
  void aJobOfAnUnknownTaskIsForAnotherWorker() {
    // When
    Stray stray =
        stray(new RenderRecord("j1", "tester", Recorded.request("couple-profil")), Map.of());
    // Then
    assertEquals("j1", stray.id());
    assertEquals(new Needs(Optional.empty(), "couple-profil", "key"), stray.needs());
    assertEquals(ErrorCode.UNKNOWN_TASK, stray.reason().code());
    assertTrue(stray.reason().detail().contains("couple-profile"), stray.reason().detail());
    assertEquals(Optional.empty(), stray.delivery());
  }

  @Test
  void aJobOfAnotherBaseIsForAnotherWorkerThoughItsTaskIsKnownHere() {
    // When
    Stray stray =
        stray(
            new RenderRecord("j1", "tester", Recorded.request("couple-profile")),
            Map.of(Topics.HEADER_BASE, "nano"));
    // Then
    assertEquals(new Needs(Optional.of("nano"), "couple-profile", "key"), stray.needs());
    assertTrue(stray.reason().detail().contains("nano"), stray.reason().detail());
  }

  @Test
  void aJobOfOurBaseIsAJob() {
    // Given
    var raw = Recorded.job(PARTITION, 9);
    raw.headers().add(Topics.HEADER_BASE, "tiny".getBytes(UTF_8));
    // When
    RecordReading reading = Recorded.reader().read(raw, PLACE);
    // Then
    assertInstanceOf(RecordReading.Job.class, reading);
  }

  @Test
  void aJobWhoseAdapterCanNotBeReadHereIsForAnotherWorker() {
    // Given
    JobError reason = new JobError(ErrorCode.ADAPTER_UNAVAILABLE, "no file");
    RecordReader reader = Recorded.reader(Map.of("couple-profile", reason));
    // When
    RecordReading reading = reader.read(Recorded.job(PARTITION, 9), PLACE);
    // Then
    Stray stray = assertInstanceOf(RecordReading.Unable.class, reading).stray();
    assertEquals(reason, stray.reason());
    assertTrue(stray.delivery().isPresent());
  }

  @Test
  void whatIsPassedOnKeepsItsBaseAndCountsAPassAndAHopUpToTheLimitOfHops() {
    // Given
    JobHeaders headers =
        new JobHeaders(1, Optional.empty(), Optional.empty(), true, 1, Optional.of("nano"), 1, 3);
    // When
    JobHeaders once = headers.passedOn();
    JobHeaders twice = once.passedOn();
    // Then
    assertEquals(
        new JobHeaders(1, Optional.empty(), Optional.empty(), true, 2, Optional.of("nano"), 2, 3),
        once);
    assertEquals(2, twice.hops());
    assertEquals(3, twice.passes());
    assertTrue(
        twice.kafka("t").stream()
            .anyMatch(
                header ->
                    header.key().equals(Topics.HEADER_PASSES)
                        && new String(header.value(), UTF_8).equals("3")));
  }

  @Test
  void aRefusedRecordNamesItsJobAndOwnerThoughItsRequestIsMalformed() {
    // When
    RecordReading reading =
        Recorded.reader()
            .read(
                Recorded.value(
                    PARTITION,
                    9,
                    "{\"v\":1,\"id\":\"j7\",\"tenant\":\"shop\",\"request\":{}}".getBytes(UTF_8)),
                PLACE);
    // Then
    Refused refused = assertInstanceOf(RecordReading.Refusal.class, reading).refused();
    assertEquals(Optional.of("j7"), refused.letter().job());
    assertEquals(Optional.of("shop"), refused.tenant());
    assertEquals(new RecordVersion(1, 0), refused.version());
  }

  private static Stray stray(RenderRecord record, Map<String, String> headers) {
    ConsumerRecord<byte[], byte[]> raw =
        new ConsumerRecord<>(
            PARTITION.topic(), PARTITION.partition(), 9, "key".getBytes(UTF_8), record.bytes());
    headers.forEach((name, text) -> raw.headers().add(name, text.getBytes(UTF_8)));
    RecordReading reading = Recorded.reader().read(raw, PLACE);
    return assertInstanceOf(RecordReading.Unable.class, reading).stray();
  }

  @Test
  void aTenantThatCouldNotBeOneIsRefused() {
    // When
    DeadLetter letter =
        refused(new RenderRecord("j1", "a:b", Recorded.request("couple-profile")).bytes());
    // Then
    assertEquals(ErrorCode.MALFORMED_RECORD, letter.code());
    assertTrue(letter.detail().startsWith("tenant: must be 1 to 64"), letter.detail());
  }

  @Test
  void aHugeValueIsCutInTheLetter() {
    assertEquals(DeadLetter.MAX_VALUE_BYTES, refused(new byte[1 << 20]).value().length);
  }

  private static DeadLetter refused(byte[] value) {
    RecordReading reading = Recorded.reader().read(Recorded.value(PARTITION, 9, value), PLACE);
    return assertInstanceOf(RecordReading.Refusal.class, reading).refused().letter();
  }

  @ParameterizedTest
  @CsvSource({
    "job-9, batch, id: must be 'j-'",
    "AGED, batch, id: was made at 2026-10-01T12:00:00Z; whether a job older than 720 hours",
    "AHEAD, batch, 'id: was made at 2026-11-20T12:30:00Z, still to come'",
    "NOW, interactive, request.lane: must be 'batch' on topic polyptych.render.batch"
  })
  void aDirectRecordIsRefusedWhenNobodyCouldTellWhetherItWasRendered(
      String id, String lane, String detail) {
    // Given
    var raw = direct(id, lane);
    // When
    RecordReading reading = Recorded.reader().read(raw, PLACE);
    // Then
    DeadLetter letter = assertInstanceOf(RecordReading.Refusal.class, reading).refused().letter();
    assertEquals(ErrorCode.INVALID_FIELD, letter.code());
    assertTrue(letter.detail().contains(detail), letter::detail);
  }

  @Test
  void aDirectRecordThatFitsIsAJob() {
    // Given
    var raw = direct("NOW", "batch");
    // When
    RecordReading reading = Recorded.reader().read(raw, PLACE);
    // Then
    Delivery delivery = assertInstanceOf(RecordReading.Job.class, reading).delivery();
    assertTrue(delivery.headers().direct());
    assertFalse(delivery.headers().next(Recorded.NOW).direct(), "it has a record by then");
  }

  private static ConsumerRecord<byte[], byte[]> direct(String id, String lane) {
    Instant made =
        switch (id) {
          case "AGED" -> Instant.parse("2026-10-01T12:00:00Z");
          case "AHEAD" -> Instant.parse("2026-11-20T12:30:00Z");
          default -> Recorded.NOW;
        };
    String named = id.startsWith("job") ? id : JobId.next(Clock.fixed(made, ZoneOffset.UTC));
    String json =
        """
        {"v": 1, "id": "%s", "tenant": "shop", "request": {"task": "couple-profile",
         "prompt": "p", "panels": ["a", "b"], "seed": 1, "lane": "%s"}}
        """
            .formatted(named, lane);
    ConsumerRecord<byte[], byte[]> raw = Recorded.value(PARTITION, 9, json.getBytes(UTF_8));
    raw.headers().add(Topics.HEADER_DIRECT, "1".getBytes(UTF_8));
    return raw;
  }
}
