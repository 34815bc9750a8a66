package dev.polyptych.worker.schedule;

import dev.polyptych.schema.job.Lane;
import java.util.Optional;

/**
 * What a worker has done so far, as far as it matters for what it does next.
 *
 * @param warm the adapter that the model draws with now
 * @param streak jobs rendered in a row with it
 * @param sinceBatch interactive jobs rendered since the last one of the batch lane
 */
public record Standing(Optional<String> warm, int streak, int sinceBatch) {
  /** Of a worker that has rendered nothing. */
  public static final Standing START = new Standing(Optional.empty(), 0, 0);

  /** The standing once a job of that adapter and lane has been rendered. */
  public Standing rendered(String adapter, Lane lane) {
    return new Standing(
        Optional.of(adapter),
        isWarm(adapter) ? streak + 1 : 1,
        switch (lane) {
          case INTERACTIVE -> sinceBatch + 1;
          case BATCH -> 0;
        });
  }

  /** The standing when the model draws with another adapter than was thought. */
  public Standing withWarm(Optional<String> adapter) {
    return warm.equals(adapter) ? this : new Standing(adapter, 0, sinceBatch);
  }

  boolean isWarm(String adapter) {
    return warm.isPresent() && warm.get().equals(adapter);
  }
}
