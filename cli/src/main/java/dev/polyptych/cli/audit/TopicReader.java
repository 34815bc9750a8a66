package dev.polyptych.cli.audit;

import dev.polyptych.schema.config.KafkaSecurity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads topics from the first to the last record, without a group and without commits. */
public final class TopicReader implements AutoCloseable {
  /** How long the broker may take for an answer. */
  public static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final Duration POLL = Duration.ofMillis(500);

  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> consumer;

  public TopicReader(String bootstrapServers, KafkaSecurity security) {
    Map<String, Object> settings =
        security.with(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "default.api.timeout.ms",
                (int) TIMEOUT.toMillis(),
                "request.timeout.ms",
                5_000));
    this.admin = Admin.create(settings);
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  public Admin admin() {
    return admin;
  }

  public org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer() {
    return consumer;
  }

  /**
   * Passes on all records that are there now.
   *
   * @return whether nothing was deleted from the topics yet
   * @throws IOException if a topic does not exist, or the broker returns no more records
   * @throws org.apache.kafka.common.KafkaException if the broker does not answer
   */
  public boolean read(List<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> each)
      throws IOException {
    List<TopicPartition> partitions = partitions(topics);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    long lastNanos = System.nanoTime();
    while (!atEnd(ends)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        each.accept(record);
        lastNanos = System.nanoTime();
      }
      if (System.nanoTime() - lastNanos > TIMEOUT.toNanos()) {
        throw new IOException("the broker stopped returning records; run the command again");
      }
    }
    return begins.values().stream().allMatch(begin -> begin == 0);
  }

  private boolean atEnd(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /**
   * @throws IOException if a topic does not exist
   */
  public List<TopicPartition> partitions(List<String> topics) throws IOException {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      List<PartitionInfo> known = consumer.partitionsFor(topic);
      if (known == null || known.isEmpty()) {
        throw new IOException(
            "the broker has no topic " + topic + "; name the broker of the cluster");
      }
      known.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    return partitions;
  }

  @Override
  public void close() {
    consumer.close();
    admin.close();
  }
}
