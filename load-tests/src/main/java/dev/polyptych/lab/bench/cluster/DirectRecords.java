package dev.polyptych.lab.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.TenantId;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts jobs on the lane past the dispatcher, on partitions of the caller's choice. They look as if
 * they had been handed over as often as may be, so workers keep them.
 */
final class DirectRecords implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  DirectRecords(String bootstrapServers) {
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "acks",
                "all",
                "enable.idempotence",
                true,
                "linger.ms",
                0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
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
