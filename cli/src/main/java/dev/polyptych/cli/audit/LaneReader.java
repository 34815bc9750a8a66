package dev.polyptych.cli.audit;

import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.topic.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the lanes and the dead topic from the first to the last record, without a group and without
 * commits. It reads committed offsets before records: a record is committed only once its job has
 * ended or was produced again.
 */
final class LaneReader implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(500);

  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> consumer;

  LaneReader(String bootstrapServers, KafkaSecurity security) {
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

  /**
   * Reads all records.
   *
   * @return whether the dead topic still holds its first letter
   * @throws IOException when the broker does not answer
   */
  boolean read(LaneBooks books) throws IOException, InterruptedException {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(Topics.WORKER_GROUP)
              .partitionsToOffsetAndMetadata()
              .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      all(Topics.lanes(), record -> books.enter(record, open(record, committed)));
      return all(List.of(Topics.DEAD), books::enterLetter);
    } catch (KafkaException | ExecutionException | TimeoutException away) {
      throw new IOException("the broker does not answer: " + away.getMessage(), away);
    }
  }

  private static boolean open(
      ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, OffsetAndMetadata> committed) {
    OffsetAndMetadata next = committed.get(new TopicPartition(record.topic(), record.partition()));
    return next == null || record.offset() >= next.offset();
  }

  /** Returns whether nothing was deleted from the topics yet. */
  private boolean all(List<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> each)
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
        throw new IOException("the broker stopped returning records; run the audit again");
      }
    }
    return begins.values().stream().allMatch(begin -> begin == 0);
  }

  private boolean atEnd(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private List<TopicPartition> partitions(List<String> topics) throws IOException {
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
