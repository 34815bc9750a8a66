package dev.polyptych.worker.publish;

import dev.polyptych.worker.intake.RecordPosition;

/** Who must know that a record is out of our hands. Called exactly once a record, any thread. */
public interface RecordAcknowledger {
  /** Nothing is left to do: its offset may be committed. */
  void finished(RecordPosition place);

  /** It is to be delivered again, here or elsewhere. */
  void dropped(RecordPosition place);
}
