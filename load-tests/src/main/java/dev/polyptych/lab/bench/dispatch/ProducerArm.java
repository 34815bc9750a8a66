package dev.polyptych.lab.bench.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.lab.bench.dispatch.LoadArm.LoadSample;
import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.TenantId;
import dev.polyptych.schema.topic.RenderRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A bare Kafka producer with the dispatcher's settings on a separate topic. It is the upper limit
 * for any service in front of the broker.
 */
public final class ProducerArm implements LoadArm, AutoCloseable {
  static final String TOPIC = "polyptych.bench";

  private final KafkaProducer<byte[], byte[]> producer;
  private final ProducerRecord<byte[], byte[]> record;

  ProducerArm(AcceptBench.Target target, JobRequest job) throws Exception {
    makeTopic(target.bootstrapServers(), target.partitions());
    String adapter = target.task().adapter();
    this.producer = producer(target.bootstrapServers());
    this.record =
        new ProducerRecord<>(
            TOPIC,
            PartitionRanking.first(adapter, target.partitions()),
            adapter.getBytes(UTF_8),
            new RenderRecord(JobId.next(Clock.systemUTC()), TenantId.DEFAULT, job).bytes());
    // One alone first. While a new partition has no leader yet, the broker may refuse the first of
    // several batches in flight and take the second; then the first is out of order for ever.
    producer.send(record).get();
  }

  /** A producer with the dispatcher's settings. */
  public static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "acks",
            "all",
            "enable.idempotence",
            true,
            "compression.type",
            "lz4",
            "linger.ms",
            0),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  @Override
  public String name() {
    return "producer";
  }

  @Override
  public LoadSample run(int callers, Duration time) throws Exception {
    return Callers.run(callers, time, () -> producer.send(record).get());
  }

  /** Records per second without waiting for acknowledgements. */
  double pipelined(Duration time) {
    long sent = 0;
    long begin = System.nanoTime();
    for (long end = begin + time.toNanos(); System.nanoTime() < end; sent++) {
      var _ = producer.send(record);
    }
    producer.flush();
    return sent / ((System.nanoTime() - begin) / 1e9);
  }

  @Override
  public void close() {
    producer.close();
  }

  private static void makeTopic(String bootstrapServers, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, Optional.of(partitions), Optional.empty())))
          .all()
          .get(30, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (!(failed.getCause() instanceof TopicExistsException)) {
        throw failed;
      }
    }
  }
}
