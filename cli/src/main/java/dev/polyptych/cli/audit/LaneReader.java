package dev.polyptych.cli.audit;

import dev.polyptych.schema.topic.Topics;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Reads the lanes of all bases, the inbox and the dead topic. It reads committed offsets before
 * records: a record is committed only once its job has ended or was produced again.
 */
final class LaneReader {
  private LaneReader() {}

  /**
   * Reads all records.
   *
   * @return whether the dead topic still holds its first letter
   * @throws IOException when the broker does not answer
   */
  static boolean read(TopicReader topics, LaneBooks books)
      throws IOException, InterruptedException {
    try {
      List<String> lanes =
          topics
              .admin()
              .listTopics()
              .names()
              .get(TopicReader.TIMEOUT.toSeconds(), TimeUnit.SECONDS)
              .stream()
              .filter(topic -> Topics.laneOf(topic).isPresent())
              .toList();
      Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
      for (String group : groups(lanes)) {
        committed.putAll(committed(topics, group));
      }
      topics.read(lanes, record -> books.enter(record, open(record, committed)));
      return topics.read(List.of(Topics.DEAD), books::enterLetter);
    } catch (KafkaException | ExecutionException | TimeoutException away) {
      throw new IOException("the broker does not answer: " + away.getMessage(), away);
    }
  }

  private static Set<String> groups(List<String> lanes) {
    return lanes.stream()
        .map(lane -> Topics.groupOf(lane).orElseThrow())
        .collect(Collectors.toSet());
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(TopicReader topics, String group)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      return topics
          .admin()
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get(TopicReader.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      // The group has had no member yet.
      if (failed.getCause() instanceof GroupIdNotFoundException) {
        return Map.of();
      }
      throw failed;
    }
  }

  private static boolean open(
      ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, OffsetAndMetadata> committed) {
    OffsetAndMetadata next = committed.get(new TopicPartition(record.topic(), record.partition()));
    return next == null || record.offset() >= next.offset();
  }
}
