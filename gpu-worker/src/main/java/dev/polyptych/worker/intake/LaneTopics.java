package dev.polyptych.worker.intake;

import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.Topics;

/** The lanes by their topics. */
final class LaneTopics {
  private LaneTopics() {}

  /**
   * @throws IllegalArgumentException when the topic is no lane
   */
  static Lane laneOf(String topic) {
    for (Lane lane : Lane.values()) {
      if (Topics.of(lane).equals(topic)) {
        return lane;
      }
    }
    throw new IllegalArgumentException(topic + " is no lane");
  }
}
