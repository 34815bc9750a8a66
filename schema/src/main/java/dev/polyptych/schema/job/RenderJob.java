package dev.polyptych.schema.job;

import dev.polyptych.schema.catalog.Layout;
import java.util.List;
import java.util.Optional;

/**
 * A request resolved against a catalog: nothing is open any more.
 *
 * @param references each names a panel of the layout (or the sheet) once; fewer panels than there
 *     are
 * @param strength 0 to 1; below 1 only where a reference is the sheet's
 * @param previews whether events carry small pictures
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
    Optional<Deadline> deadline,
    List<Reference> references,
    double strength,
    boolean previews) {

  public RenderJob {
    references = List.copyOf(references);
  }

  /** One that is drawn from text alone. */
  public RenderJob(
      String id,
      String task,
      String adapter,
      String prompt,
      Layout layout,
      Sampling sampling,
      Lane lane,
      ImageFormat format,
      Optional<Deadline> deadline) {
    this(id, task, adapter, prompt, layout, sampling, lane, format, deadline, List.of(), 1, false);
  }

  /** The same job under another id. */
  public RenderJob withId(String other) {
    return new RenderJob(
        other,
        task,
        adapter,
        prompt,
        layout,
        sampling,
        lane,
        format,
        deadline,
        references,
        strength,
        previews);
  }
}
