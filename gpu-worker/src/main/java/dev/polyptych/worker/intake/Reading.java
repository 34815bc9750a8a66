package dev.polyptych.worker.intake;

import dev.polyptych.schema.topic.DeadLetter;

/** What a record turned out to be. */
public sealed interface Reading {
  /** A job of ours. */
  record Job(Delivery delivery) implements Reading {}

  /** No job that this worker could ever render. */
  record Refusal(RecordPosition place, DeadLetter letter) implements Reading {}
}
