package dev.polyptych.worker.intake;

import dev.polyptych.schema.topic.DeadLetter;

/** What a record turned out to be. */
sealed interface RecordReading {
  /** A job of ours. */
  record Job(Delivery delivery) implements RecordReading {}

  /** No job that this worker could ever render. */
  record Refusal(RecordPosition place, DeadLetter letter) implements RecordReading {}
}
