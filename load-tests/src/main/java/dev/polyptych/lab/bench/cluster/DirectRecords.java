package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.bench.LaneJob;
import dev.polyptych.lab.bench.dispatch.ProducerArm;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.topic.Topics;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * Produces jobs to the lane without the dispatcher, on partitions that the caller chooses. Workers
 * keep them.
 */
final class DirectRecords implements AutoCloseable {
  private final Catalog catalog;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  DirectRecords(String bootstrapServers, Catalog catalog) {
    this.catalog = catalog;
    this.producer = ProducerArm.producer(bootstrapServers);
  }

  void send(JobRequest job, int partition) {
    var onLane = LaneJob.of(catalog, job, partition, Topics.MAX_HOPS).record();
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

  @Override
  public void close() {
    producer.close();
  }
}
