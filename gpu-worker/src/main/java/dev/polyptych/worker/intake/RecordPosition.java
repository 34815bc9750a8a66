package dev.polyptych.worker.intake;

import dev.polyptych.schema.topic.DeadLetter;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a record stands, and for which assignment of its partition it was taken.
 *
 * @param epoch distinguishes assignments: what was taken before a partition went away and came back
 *     says nothing about what was taken after
 */
public record RecordPosition(TopicPartition partition, long offset, int epoch) {
  public DeadLetter.Origin origin() {
    return new DeadLetter.Origin(partition.topic(), partition.partition(), offset);
  }
}
