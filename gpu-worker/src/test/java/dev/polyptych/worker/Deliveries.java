package dev.polyptych.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.Accepted;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.JobHeaders;
import dev.polyptych.worker.intake.RecordPosition;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Jobs as the broker delivers them, for tests without a broker. */
public final class Deliveries {
  private static final JobResolver RESOLVER = new JobResolver(CatalogFile.builtIn("tiny"));

  private Deliveries() {}

  /** A job of four steps in the interactive lane. */
  public static Delivery of(String id, String task, long offset, Instant arrivedAt) {
    return of(id, task, offset, arrivedAt, new JobHeaders(1, Optional.empty()));
  }

  public static Delivery of(
      String id, String task, long offset, Instant arrivedAt, JobHeaders headers) {
    JobRequest request = request(task);
    RenderJob job = job(id, request);
    return new Delivery(
        new RenderRecord("tester", job, Accepted.UNKNOWN),
        job,
        new RecordPosition(new TopicPartition(Topics.of("tiny", Lane.INTERACTIVE), 0), offset, 1),
        headers,
        arrivedAt);
  }

  private static RenderJob job(String id, JobRequest request) {
    return valid(RESOLVER.resolve(id, request));
  }

  private static JobRequest request(String task) {
    int panels = CatalogFile.builtIn("tiny").task(task).orElseThrow().example().panels().size();
    String texts = String.join(",", Collections.nCopies(panels, "\"x\""));
    String json =
        """
        {"task": "%s", "prompt": "a fox", "panels": [%s], "seed": 1, "steps": 4}
        """
            .formatted(task, texts);
    return valid(JobRequestReader.read(json.getBytes(UTF_8)));
  }

  private static <T> T valid(Validated<T> read) {
    return switch (read) {
      case Validated.Valid<T>(T value) -> value;
      case Validated.Invalid<T> wrong -> throw new IllegalArgumentException(wrong.toString());
    };
  }
}
