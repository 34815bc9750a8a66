package dev.polyptych.lab.bench.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.lab.bench.Timings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's producer alone, with the dispatcher's settings, on a topic beside the lanes: what any
 * service in front of the broker can reach at most.
 */
final class ProducerArm implements Arm, AutoCloseable {
  private static final String TOPIC = "polyptych.bench";

  private final KafkaProducer<byte[], byte[]> producer;
  private final ProducerRecord<byte[], byte[]> record;

  /**
   * @param partitions as many as a lane has
   */
  ProducerArm(String bootstrapServers, BenchJob job, int partitions) throws Exception {
    makeTopic(bootstrapServers, partitions);
    this.producer =
        new KafkaProducer<>(
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
    this.record =
        new ProducerRecord<>(
            TOPIC, job.partition(partitions), job.adapter().getBytes(UTF_8), job.record());
  }

  @Override
  public String name() {
    return "producer";
  }

  @Override
  public Sample run(int callers, Duration time) throws Exception {
    Timings timings = new Timings();
    long begin = System.nanoTime();
    long end = begin + time.toNanos();
    Callable<Void> caller =
        () -> {
          for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            producer.send(record).get();
            timings.add(System.nanoTime() - now);
          }
          return null;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        all.add(threads.submit(caller));
      }
      for (Future<Void> one : all) {
        one.get();
      }
    }
    return Sample.of(timings.count(), 0, (System.nanoTime() - begin) / 1e9, timings);
  }

  /** Records a second when nobody waits for an acknowledgement before the next record. */
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
