package dev.polyptych.cli.command;

import dev.polyptych.cli.audit.TopicReader;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.Topics;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The dead letters on a broker. */
record DeadTopic(String bootstrapServers, KafkaSecurity security) {
  private static final List<String> TOPIC = List.of(Topics.DEAD);

  /** All letters, oldest first. Records that are no letters are skipped. */
  List<DeadLetter> letters() throws IOException {
    try (TopicReader reader = new TopicReader(bootstrapServers, security)) {
      List<DeadLetter> letters = new ArrayList<>();
      reader.read(TOPIC, record -> letter(record.value()).ifPresent(letters::add));
      return letters;
    } catch (KafkaException away) {
      throw new IOException("the broker does not answer: " + away.getMessage(), away);
    }
  }

  /** Deletes the letters written before a time, and returns their number. */
  long purge(Instant before) throws IOException, InterruptedException {
    try (TopicReader reader = new TopicReader(bootstrapServers, security)) {
      List<TopicPartition> partitions = reader.partitions(TOPIC);
      Map<TopicPartition, Long> begins = reader.consumer().beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = reader.consumer().endOffsets(partitions);
      long deleted = 0;
      for (TopicPartition partition : partitions) {
        var found = reader.consumer().offsetsForTimes(Map.of(partition, before.toEpochMilli()));
        var first = found.get(partition);
        long upTo = first == null ? ends.get(partition) : first.offset();
        reader
            .admin()
            .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(upTo)))
            .all()
            .get(TopicReader.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
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
}
