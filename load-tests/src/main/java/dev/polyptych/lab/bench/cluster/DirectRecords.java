package dev.polyptych.lab.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.lab.bench.dispatch.ProducerArm;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.TenantId;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Produces jobs to the lane without the dispatcher, on partitions that the caller chooses. The
 * records claim the maximum number of handovers, so that workers keep them.
 */
final class DirectRecords implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  DirectRecords(String bootstrapServers) {
    this.producer = ProducerArm.producer(bootstrapServers);
  }

  void send(JobRequest job, String adapter, int partition) {
    var record = new RenderRecord(JobId.next(Clock.systemUTC()), TenantId.DEFAULT, job);
    var onLane =
        new ProducerRecord<byte[], byte[]>(
            Topics.of(Lane.INTERACTIVE),
            partition,
            adapter.getBytes(UTF_8),
            record.bytes(),
            List.of(
                header(Topics.HEADER_DIRECT, "1"),
                header(Topics.HEADER_HOPS, Integer.toString(Topics.MAX_HOPS))));
    var _ =
        producer.send(
            onLane,
            (written, failed) -> {
              if (failed != null) {
                failure.compareAndSet(null, failed);
              }
            });
  }

  void check() {
    if (failure.get() != null) {
      throw new IllegalStateException("a job can't be produced", failure.get());
    }
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  @Override
  public void close() {
    producer.close();
  }
}
