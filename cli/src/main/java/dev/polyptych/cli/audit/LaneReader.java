package dev.polyptych.cli.audit;

import dev.polyptych.schema.topic.Topics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the lanes and the dead topic. It reads committed offsets before records: a record is
 * committed only once its job has ended or was produced again.
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
      Map<TopicPartition, OffsetAndMetadata> committed =
          topics
              .admin()
              .listConsumerGroupOffsets(Topics.WORKER_GROUP)
              .partitionsToOffsetAndMetadata()
              .get(TopicReader.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      topics.read(Topics.lanes(), record -> books.enter(record, open(record, committed)));
      return topics.read(List.of(Topics.DEAD), books::enterLetter);
    } catch (KafkaException | ExecutionException | TimeoutException away) {
      throw new IOException("the broker does not answer: " + away.getMessage(), away);
    }
  }

  private static boolean open(
      ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, OffsetAndMetadata> committed) {
    OffsetAndMetadata next = committed.get(new TopicPartition(record.topic(), record.partition()));
    return next == null || record.offset() >= next.offset();
  }
}
