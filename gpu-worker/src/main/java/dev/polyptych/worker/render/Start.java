package dev.polyptych.worker.render;

import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.schema.job.RenderJob;
import java.util.Optional;

/**
 * What a rendering starts from.
 *
 * @param reference of the job's layout; empty: from text alone
 * @param checkpoint state of a rendering of the same job, perhaps another engine's
 */
public record Start(
    RenderJob job, Optional<ReferenceSheet> reference, Optional<byte[]> checkpoint) {
  /** From text alone. */
  public static Start of(RenderJob job) {
    return new Start(job, Optional.empty(), Optional.empty());
  }
}
