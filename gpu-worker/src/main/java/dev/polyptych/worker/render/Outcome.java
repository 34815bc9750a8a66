package dev.polyptych.worker.render;

import dev.polyptych.schema.job.JobError;
import dev.polyptych.store.Checkpoint;
import dev.polyptych.worker.publish.DrawnSheet;
import java.util.List;
import java.util.Optional;

/** How one attempt ended on the render thread. */
sealed interface Outcome {
  /** All that {@link #name} may be. */
  List<String> NAMES = List.of("drawn", "broken", "superseded", "recalled");

  /** The sheet is finished. */
  record Drawn(DrawnSheet sheet) implements Outcome {}

  record Broken(JobError error) implements Outcome {}

  /** Cancelled, or another worker's by now. */
  record Superseded() implements Outcome {}

  /**
   * Given up in good order, for another worker.
   *
   * @param checkpoint absent before the first step
   */
  record Recalled(Optional<Checkpoint> checkpoint) implements Outcome {}

  /** For the metrics. */
  default String name() {
    return switch (this) {
      case Drawn drawn -> "drawn";
      case Broken broken -> "broken";
      case Superseded superseded -> "superseded";
      case Recalled recalled -> "recalled";
    };
  }
}
