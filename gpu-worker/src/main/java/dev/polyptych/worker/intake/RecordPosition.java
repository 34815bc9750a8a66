package dev.polyptych.worker.intake;

import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.topic.DeadLetter;
import org.apache.kafka.common.TopicPartition;

/**
 * The position of a record, and the assignment of its partition in which it was taken.
 *
 * @param epoch number of the assignment. A partition may be revoked and assigned again; then the
 *     same offset is taken twice
 */
public record RecordPosition(TopicPartition partition, long offset, int epoch) {
  boolean isOf(String topic) {
    return partition.topic().equals(topic);
  }

  public DeadLetter.Origin origin() {
    return new DeadLetter.Origin(partition.topic(), partition.partition(), offset);
  }

  /** As the job store keeps it. */
  public QueuePlace place() {
    return new QueuePlace(partition.topic(), partition.partition(), offset);
  }
}
