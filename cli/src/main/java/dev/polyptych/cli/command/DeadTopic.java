package dev.polyptych.cli.command;

import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.Topics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The dead letters on a broker. Reads them without a group and without commits. */
final class DeadTopic {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(500);

  private final Map<String, Object> settings;

  DeadTopic(String bootstrapServers, KafkaSecurity security) {
    this.settings =
        security.with(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "default.api.timeout.ms",
                (int) TIMEOUT.toMillis(),
                "request.timeout.ms",
                5_000));
  }

  /** All letters, oldest first. Records that are no letters are skipped. */
  public List<DeadLetter> letters() throws IOException {
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      List<DeadLetter> letters = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : all(consumer)) {
        letter(record.value()).ifPresent(letters::add);
      }
      return letters;
    } catch (KafkaException away) {
      throw new IOException("the broker does not answer: " + away.getMessage(), away);
    }
  }

  /** Deletes the letters written before a time, and returns their number. */
  public long purge(Instant before) throws IOException, InterruptedException {
    try (Consumer<byte[], byte[]> consumer = consumer();
        Admin admin = Admin.create(settings)) {
      List<TopicPartition> partitions = partitions(consumer);
      Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long deleted = 0;
      for (TopicPartition partition : partitions) {
        var found = consumer.offsetsForTimes(Map.of(partition, before.toEpochMilli()));
        var first = found.get(partition);
        long upTo = first == null ? ends.get(partition) : first.offset();
        admin
            .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(upTo)))
            .all()
            .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        deleted += Math.max(0, upTo - begins.get(partition));
      }
      return deleted;
    } catch (KafkaException | ExecutionException | TimeoutException refused) {
      throw new IOException("the letters were not deleted: " + refused.getMessage(), refused);
    }
  }

  private static Optional<DeadLetter> letter(byte[] value) {
    try {
      return value == null ? Optional.empty() : Optional.of(DeadLetter.read(value));
    } catch (IOException foreign) {
      return Optional.empty();
    }
  }

  private Consumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
    return consumer.partitionsFor(Topics.DEAD).stream()
        .map(info -> new TopicPartition(Topics.DEAD, info.partition()))
        .toList();
  }

  private static List<ConsumerRecord<byte[], byte[]>> all(Consumer<byte[], byte[]> consumer)
      throws IOException {
    List<TopicPartition> partitions = partitions(consumer);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long endNanos = System.nanoTime() + TIMEOUT.toNanos();
    while (!atEnd(consumer, ends)) {
      consumer.poll(POLL).forEach(records::add);
      if (System.nanoTime() > endNanos) {
        throw new IOException("the broker does not return all letters in time; try again");
      }
    }
    return records;
  }

  private static boolean atEnd(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }
}
