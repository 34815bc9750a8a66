package dev.polyptych.worker.render;

import dev.polyptych.schema.job.JobError;
import dev.polyptych.store.Checkpoint;
import dev.polyptych.worker.publish.DrawnSheet;
import java.util.List;
import java.util.Optional;

/** How one attempt ended on the render thread. */
sealed interface RenderOutcome {
  /** All values of {@link #name}. */
  List<String> NAMES =
      List.of("drawn", "broken", "cancelled", "superseded", "recalled", "unable", "postponed");

  /** The sheet is finished. */
  record Drawn(DrawnSheet sheet) implements RenderOutcome {}

  /**
   * The attempt failed.
   *
   * @param lasting whether another attempt would fail in the same way
   */
  record Broken(JobError error, boolean lasting) implements RenderOutcome {}

  /** The job was cancelled. */
  record Cancelled() implements RenderOutcome {}

  /** Another attempt holds the job, or the job has ended. */
  record Superseded() implements RenderOutcome {}

  /**
   * Given up in good order, for another worker.
   *
   * @param checkpoint absent before the first step
   */
  record Recalled(Optional<Checkpoint> checkpoint) implements RenderOutcome {}

  /** The adapter can't be read here. Not an attempt: another worker gets the job. */
  record Unable(JobError reason) implements RenderOutcome {}

  /** The job's references can't be fetched now. Not an attempt: the job waits here. */
  record Postponed(String reason) implements RenderOutcome {}

  /** For metrics and spans. */
  default String name() {
    return switch (this) {
      case Drawn drawn -> "drawn";
      case Broken broken -> "broken";
      case Cancelled cancelled -> "cancelled";
      case Superseded superseded -> "superseded";
      case Recalled recalled -> "recalled";
      case Unable unable -> "unable";
      case Postponed postponed -> "postponed";
    };
  }
}
