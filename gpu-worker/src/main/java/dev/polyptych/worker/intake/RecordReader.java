package dev.polyptych.worker.intake;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads records of any producer. Stateless; never throws for what it reads. */
public final class RecordReader {
  /** What a record turned out to be. */
  sealed interface RecordReading {
    /** A job of ours. */
    record Job(Delivery delivery) implements RecordReading {}

    /** A job whose adapter can't be read here now. */
    record Unable(Stray stray) implements RecordReading {}

    /** No job that any worker could render. */
    record Refusal(Refused refused) implements RecordReading {}
  }

  private final String base;
  private final Function<String, Optional<JobError>> unreadable;
  private final Clock clock;

  /**
   * @param base id of the model that this worker draws with
   * @param unreadable why an adapter can't be read now; empty if it can
   */
  public RecordReader(String base, Function<String, Optional<JobError>> unreadable, Clock clock) {
    this.base = base;
    this.unreadable = unreadable;
    this.clock = clock;
  }

  RecordReading read(ConsumerRecord<byte[], byte[]> raw, RecordPosition position) {
    return switch (RenderRecord.read(raw.value())) {
      case Validated.Valid<RenderRecord>(RenderRecord record) -> read(raw, position, record);
      case Validated.Invalid<RenderRecord>(List<FieldProblem> problems) ->
          refusal(raw, position, RenderRecord.identity(raw.value()), problems);
    };
  }

  private RecordReading read(
      ConsumerRecord<byte[], byte[]> raw, RecordPosition position, RenderRecord record) {
    Optional<RenderJob> job = record.job().filter(found -> found.pins().base().equals(base));
    return job.isPresent()
        ? job(new Delivery(record, job.get(), position, headers(raw), arrivedAt(raw)))
        : refusal(raw, position, identity(record), List.of(misplaced(record, raw.topic())));
  }

  private FieldProblem misplaced(RenderRecord record, String lane) {
    return record.pins().isPresent()
        ? new FieldProblem(
            ErrorCode.INVALID_FIELD,
            "pins.base",
            "is %s, and %s is a lane of %s".formatted(record.pins().get().base(), lane, base))
        : new FieldProblem(
            ErrorCode.MALFORMED_RECORD,
            "pins",
            "are missing; a backend produces its jobs to %s, not to %s"
                .formatted(Topics.laneOf(lane).map(Topics::inbox).orElse("the inbox"), lane));
  }

  private RecordReading job(Delivery delivery) {
    return unreadable
        .apply(delivery.adapter())
        .<RecordReading>map(reason -> new RecordReading.Unable(new Stray(delivery, reason)))
        .orElseGet(() -> new RecordReading.Job(delivery));
  }

  private static Optional<RenderRecord.Identity> identity(RenderRecord record) {
    return Optional.of(new RenderRecord.Identity(record.id(), record.tenant()));
  }

  private RecordReading refusal(
      ConsumerRecord<byte[], byte[]> raw,
      RecordPosition position,
      Optional<RenderRecord.Identity> job,
      List<FieldProblem> problems) {
    DeadLetter letter =
        DeadLetter.refusing(
            job.map(RenderRecord.Identity::id),
            problems,
            headers(raw).attempt(),
            position.origin(),
            clock.instant(),
            raw.value());
    return new RecordReading.Refusal(
        new Refused(
            position, letter, job.map(RenderRecord.Identity::tenant), headers(raw).version()));
  }

  private JobHeaders headers(ConsumerRecord<byte[], byte[]> raw) {
    return JobHeaders.of(raw.headers(), clock.instant());
  }

  /** The record's time, or now if the producer's clock is ahead. */
  private Instant arrivedAt(ConsumerRecord<byte[], byte[]> raw) {
    Instant now = clock.instant();
    Instant produced = Instant.ofEpochMilli(raw.timestamp());
    return raw.timestamp() < 0 || produced.isAfter(now) ? now : produced;
  }
}
