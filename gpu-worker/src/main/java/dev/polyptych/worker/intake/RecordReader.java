package dev.polyptych.worker.intake;

import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.DirectRules;
import dev.polyptych.schema.topic.RenderRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads records of any producer. Stateless; never throws for what it reads. */
public final class RecordReader {
  private static final int MAX_DETAIL = 2000;

  /** What a record turned out to be. */
  sealed interface RecordReading {
    /** A job of ours. */
    record Job(Delivery delivery) implements RecordReading {}

    /** No job that this worker could ever render. */
    record Refusal(RecordPosition position, DeadLetter letter) implements RecordReading {}
  }

  private final JobResolver resolver;
  private final DirectRules directRules;
  private final Clock clock;

  public RecordReader(JobResolver resolver, DirectRules directRules, Clock clock) {
    this.resolver = resolver;
    this.directRules = directRules;
    this.clock = clock;
  }

  RecordReading read(ConsumerRecord<byte[], byte[]> raw, RecordPosition position) {
    return switch (RenderRecord.read(raw.value())) {
      case Validated.Valid<RenderRecord>(RenderRecord record) -> resolve(raw, position, record);
      case Validated.Invalid<RenderRecord>(List<FieldProblem> problems) ->
          refusal(raw, position, Optional.empty(), problems);
    };
  }

  private RecordReading resolve(
      ConsumerRecord<byte[], byte[]> raw, RecordPosition position, RenderRecord record) {
    List<FieldProblem> misfits =
        headers(raw).direct()
            ? directRules.problems(record, Delivery.laneOf(raw.topic()), clock.instant())
            : List.of();
    if (!misfits.isEmpty()) {
      return refusal(raw, position, Optional.of(record.id()), misfits);
    }
    return switch (resolver.resolve(record.id(), record.request())) {
      case Validated.Valid<RenderJob>(RenderJob job) ->
          new RecordReading.Job(new Delivery(record, job, position, headers(raw), arrivedAt(raw)));
      case Validated.Invalid<RenderJob>(List<FieldProblem> problems) ->
          refusal(raw, position, Optional.of(record.id()), problems);
    };
  }

  private RecordReading refusal(
      ConsumerRecord<byte[], byte[]> raw,
      RecordPosition position,
      Optional<String> job,
      List<FieldProblem> problems) {
    byte[] value = raw.value() == null ? new byte[0] : raw.value();
    return new RecordReading.Refusal(
        position,
        new DeadLetter(
            job,
            problems.getFirst().code(),
            detail(problems),
            headers(raw).attempt(),
            position.origin(),
            clock.instant(),
            Arrays.copyOf(value, Math.min(value.length, DeadLetter.MAX_VALUE_BYTES))));
  }

  private JobHeaders headers(ConsumerRecord<byte[], byte[]> raw) {
    return JobHeaders.of(raw.headers(), clock.instant());
  }

  private static String detail(List<FieldProblem> problems) {
    String all =
        problems.stream()
            .map(p -> p.field().isEmpty() ? p.detail() : p.field() + ": " + p.detail())
            .collect(Collectors.joining("; "));
    return all.length() <= MAX_DETAIL ? all : all.substring(0, MAX_DETAIL);
  }

  /** The record's time, or now if the producer's clock is ahead. */
  private Instant arrivedAt(ConsumerRecord<byte[], byte[]> raw) {
    Instant now = clock.instant();
    Instant produced = Instant.ofEpochMilli(raw.timestamp());
    return raw.timestamp() < 0 || produced.isAfter(now) ? now : produced;
  }
}
