package dev.polyptych.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.Accepted;
import dev.polyptych.schema.topic.RenderRecord;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Records and a reader for them. */
final class Recorded {
  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private Recorded() {}

  static RecordReader reader() {
    return reader(Map.of());
  }

  /** One that can't read some adapters. */
  static RecordReader reader(Map<String, JobError> unreadable) {
    return new RecordReader(
        "tiny",
        adapter -> Optional.ofNullable(unreadable.get(adapter)),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  static ConsumerRecord<byte[], byte[]> job(TopicPartition partition, long offset) {
    return value(partition, offset, record("job-" + offset).bytes());
  }

  /** As a dispatcher writes it. */
  static RenderRecord record(String id) {
    return switch (new JobResolver(CatalogFile.builtIn("tiny")).resolve(id, request())) {
      case Validated.Valid<RenderJob>(RenderJob job) ->
          new RenderRecord("tester", job, Accepted.UNKNOWN);
      case Validated.Invalid<RenderJob> wrong ->
          throw new IllegalArgumentException(wrong.toString());
    };
  }

  static ConsumerRecord<byte[], byte[]> value(TopicPartition partition, long offset, byte[] value) {
    return new ConsumerRecord<>(
        partition.topic(), partition.partition(), offset, "key".getBytes(UTF_8), value);
  }

  static JobRequest request() {
    return JobRequest.of(
        new JobRequest.Scene("couple-profile", "two cats", List.of("a black cat", "a white cat")),
        JobRequest.SamplingChoice.of(OptionalLong.of(1), OptionalInt.empty()));
  }
}
