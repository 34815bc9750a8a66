package dev.polyptych.lab.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.job.TenantId;
import dev.polyptych.schema.topic.Accepted;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import java.time.Clock;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A job on a partition that the dispatcher would perhaps not choose. Redis does not know it: the
 * worker that takes it makes its state, as after a loss of Redis.
 *
 * @param record as a dispatcher writes it
 */
public record LaneJob(String id, ProducerRecord<byte[], byte[]> record) {
  /**
   * @param request has its final seed
   * @param hops how often the job was handed over; at the maximum its worker keeps it
   * @throws IllegalArgumentException if the catalog refuses the request
   */
  public static LaneJob of(Catalog catalog, JobRequest request, int partition, int hops) {
    RenderJob job = resolved(catalog, request);
    return new LaneJob(job.id(), of(job, partition, hops));
  }

  /**
   * A job with a new id.
   *
   * @param request has its final seed
   * @throws IllegalArgumentException if the catalog refuses the request
   */
  public static RenderJob resolved(Catalog catalog, JobRequest request) {
    String id = JobId.next(Clock.systemUTC());
    return switch (new JobResolver(catalog).resolve(id, request)) {
      case Validated.Valid<RenderJob>(RenderJob job) -> job;
      case Validated.Invalid<RenderJob>(var problems) ->
          throw new IllegalArgumentException(problems.toString());
    };
  }

  private static ProducerRecord<byte[], byte[]> of(RenderJob job, int partition, int hops) {
    byte[] value = new RenderRecord(TenantId.DEFAULT, job, Accepted.UNKNOWN).bytes();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topics.of(job.pins().base(), job.lane()),
            partition,
            job.adapter().getBytes(UTF_8),
            value);
    record.headers().add(Topics.HEADER_HOPS, Integer.toString(hops).getBytes(UTF_8));
    return record;
  }
}
