package dev.polyptych.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.fleet.Needs;
import dev.polyptych.schema.job.JobError;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads records of any producer. Stateless; never throws for what it reads. */
public final class RecordReader {
  private static final int MAX_DETAIL = 2000;

  /** What a record turned out to be. */
  sealed interface RecordReading {
    /** A job of ours. */
    record Job(Delivery delivery) implements RecordReading {}

    /** A job that another worker may be able to draw. */
    record Unable(Stray stray) implements RecordReading {}

    /** No job that any worker could render. */
    record Refusal(Refused refused) implements RecordReading {}
  }

  private final Catalog catalog;
  private final JobResolver resolver;
  private final Function<String, Optional<JobError>> unreadable;
  private final DirectRules directRules;
  private final Clock clock;

  /**
   * @param unreadable why an adapter can't be read now; empty if it can
   */
  public RecordReader(
      Catalog catalog,
      Function<String, Optional<JobError>> unreadable,
      DirectRules directRules,
      Clock clock) {
    this.catalog = catalog;
    this.resolver = new JobResolver(catalog);
    this.unreadable = unreadable;
    this.directRules = directRules;
    this.clock = clock;
  }

  RecordReading read(ConsumerRecord<byte[], byte[]> raw, RecordPosition position) {
    return switch (RenderRecord.read(raw.value())) {
      case Validated.Valid<RenderRecord>(RenderRecord record) -> resolve(raw, position, record);
      case Validated.Invalid<RenderRecord>(List<FieldProblem> problems) ->
          refusal(raw, position, RenderRecord.identity(raw.value()), problems);
    };
  }

  private RecordReading resolve(
      ConsumerRecord<byte[], byte[]> raw, RecordPosition position, RenderRecord record) {
    JobHeaders headers = headers(raw);
    List<FieldProblem> misfits =
        headers.direct()
            ? directRules.problems(record, Delivery.laneOf(raw.topic()), clock.instant())
            : List.of();
    if (!misfits.isEmpty()) {
      return refusal(raw, position, identity(record), misfits);
    }
    Optional<JobError> otherBase = otherBase(headers);
    if (otherBase.isPresent()) {
      return unable(raw, position, record, otherBase.get());
    }
    return switch (resolved(record, headers)) {
      case Validated.Valid<RenderJob>(RenderJob job) ->
          job(new Delivery(record, job, position, headers, arrivedAt(raw)));
      case Validated.Invalid<RenderJob>(List<FieldProblem> problems) ->
          passable(headers, problems)
              ? unable(
                  raw, position, record, new JobError(problems.getFirst().code(), detail(problems)))
              : refusal(raw, position, identity(record), problems);
    };
  }

  /** A dispatcher has checked the size of the sheet of a job that it accepted. */
  private Validated<RenderJob> resolved(RenderRecord record, JobHeaders headers) {
    return headers.direct()
        ? resolver.resolve(record.id(), record.request())
        : resolver.resolveAccepted(record.id(), record.request());
  }

  private Optional<JobError> otherBase(JobHeaders headers) {
    return headers
        .base()
        .filter(base -> !base.equals(catalog.model()))
        .map(
            base ->
                new JobError(
                    ErrorCode.ADAPTER_UNAVAILABLE,
                    "the job is for model %s and this worker draws with %s; start a worker with"
                            .formatted(base, catalog.model())
                        + " that model and its catalog"));
  }

  /**
   * A dispatcher accepted the job, so its catalog differs from the one here. A backend's job may be
   * wrong everywhere, unless it is only the task that is unknown here.
   */
  private static boolean passable(JobHeaders headers, List<FieldProblem> problems) {
    return !headers.direct()
        || problems.stream().allMatch(problem -> problem.code() == ErrorCode.UNKNOWN_TASK);
  }

  private RecordReading job(Delivery delivery) {
    return unreadable
        .apply(delivery.adapter())
        .<RecordReading>map(reason -> new RecordReading.Unable(Stray.of(delivery, reason)))
        .orElseGet(() -> new RecordReading.Job(delivery));
  }

  private RecordReading unable(
      ConsumerRecord<byte[], byte[]> raw,
      RecordPosition position,
      RenderRecord record,
      JobError reason) {
    String adapter = raw.key() == null ? "" : new String(raw.key(), UTF_8);
    Needs needs = new Needs(headers(raw).base(), record.request().task(), adapter);
    return new RecordReading.Unable(
        new Stray(record, needs, position, headers(raw), arrivedAt(raw), reason, Optional.empty()));
  }

  private static Optional<RenderRecord.Identity> identity(RenderRecord record) {
    return Optional.of(new RenderRecord.Identity(record.id(), record.tenant()));
  }

  private RecordReading refusal(
      ConsumerRecord<byte[], byte[]> raw,
      RecordPosition position,
      Optional<RenderRecord.Identity> job,
      List<FieldProblem> problems) {
    byte[] value = raw.value() == null ? new byte[0] : raw.value();
    DeadLetter letter =
        new DeadLetter(
            job.map(RenderRecord.Identity::id),
            problems.getFirst().code(),
            detail(problems),
            headers(raw).attempt(),
            position.origin(),
            clock.instant(),
            Arrays.copyOf(value, Math.min(value.length, DeadLetter.MAX_VALUE_BYTES)));
    return new RecordReading.Refusal(
        new Refused(
            position, letter, job.map(RenderRecord.Identity::tenant), headers(raw).version()));
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
