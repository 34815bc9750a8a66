package dev.polyptych.worker.intake;

import dev.polyptych.schema.topic.DeadLetter;

/** Takes what can't be rendered. Called by the intake thread; must not block it. */
public interface DeadLetters {
  /** Writes the letter, however long that takes, then finishes the place. */
  void bury(RecordPosition place, DeadLetter letter);
}
