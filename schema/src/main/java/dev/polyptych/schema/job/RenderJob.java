package dev.polyptych.schema.job;

import dev.polyptych.schema.catalog.Layout;
import java.util.Optional;

/**
 * A request resolved against a catalog: nothing is open any more.
 *
 * @param prompt the one prompt the adapter was tuned on, composed by the task's template
 */
public record RenderJob(
    String id,
    String task,
    String adapter,
    String prompt,
    Layout layout,
    Sampling sampling,
    Lane lane,
    ImageFormat format,
    Optional<Deadline> deadline) {

  /** The same job under another id. */
  public RenderJob withId(String other) {
    return new RenderJob(other, task, adapter, prompt, layout, sampling, lane, format, deadline);
  }
}
