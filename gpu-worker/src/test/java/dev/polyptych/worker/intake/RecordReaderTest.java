package dev.polyptych.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.intake.RecordReader.RecordReading;
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
  private static final TopicPartition PARTITION =
      new TopicPartition(Topics.of("tiny", Lane.BATCH), 3);
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
            2, Optional.of("00-1-2-01"), Optional.of(Recorded.NOW), 0, Optional.of("tiny"), 0, 0);
    // When
    List<Header> kafka = headers.handedOver().kafka("somebody");
    // Then
    assertEquals(
        Map.of(
            Topics.HEADER_ATTEMPT, "2",
            Topics.HEADER_TENANT, "somebody",
            Topics.HEADER_TRACEPARENT, "00-1-2-01",
            Topics.HEADER_NOT_BEFORE, Long.toString(Recorded.NOW.toEpochMilli()),
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
    assertEquals(new DeadLetter.Origin(Topics.of("tiny", Lane.BATCH), 3, 9), letter.origin());
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
  void aJobOfAnotherBaseIsRefusedOnALaneOfOurs() {
    // Given
    String ours = new String(Recorded.record("j1").bytes(), UTF_8);
    // When
    DeadLetter letter =
        refused(ours.replace("\"base\":\"tiny\"", "\"base\":\"nano\"").getBytes(UTF_8));
    // Then
    assertEquals(ErrorCode.INVALID_FIELD, letter.code());
    assertEquals(
        "pins.base: is nano, and polyptych.render.tiny.batch is a lane of tiny", letter.detail());
  }

  @Test
  void aRecordOfABackendIsRefusedAndToldWhereItBelongs() {
    // When
    DeadLetter letter = refused(new RenderRecord("j1", "tester", Recorded.request()).bytes());
    // Then
    assertEquals(ErrorCode.MALFORMED_RECORD, letter.code());
    assertEquals(
        "pins: are missing; a backend produces its jobs to polyptych.render.batch, not to"
            + " polyptych.render.tiny.batch",
        letter.detail());
  }

  @Test
  void pinsThatCanNotBeReadAreRefusedNotResolvedAnew() {
    // Given
    String ours = new String(Recorded.record("j1").bytes(), UTF_8);
    // When
    DeadLetter letter =
        refused(ours.replaceFirst("\"tokens\":\\d+", "\"tokens\":\"many\"").getBytes(UTF_8));
    // Then
    assertEquals(ErrorCode.MALFORMED_RECORD, letter.code());
    assertTrue(letter.detail().startsWith("pins: "), letter.detail());
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
    assertEquals("job-9", stray.id());
  }

  @Test
  void whatIsPassedOnKeepsItsBaseAndCountsAPassAndAHopUpToTheLimitOfHops() {
    // Given
    JobHeaders headers =
        new JobHeaders(1, Optional.empty(), Optional.empty(), 1, Optional.of("nano"), 1, 3);
    // When
    JobHeaders once = headers.passedOn();
    JobHeaders twice = once.passedOn();
    // Then
    assertEquals(
        new JobHeaders(1, Optional.empty(), Optional.empty(), 2, Optional.of("nano"), 2, 3), once);
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

  @Test
  void aTenantThatCouldNotBeOneIsRefused() {
    // When
    DeadLetter letter = refused(new RenderRecord("j1", "a:b", Recorded.request()).bytes());
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
}
