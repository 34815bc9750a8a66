package dev.polyptych.schema.job;

import dev.polyptych.schema.catalog.Layout;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A request and what a catalog resolves it to: nothing is open any more.
 *
 * @param request what was asked for, with its seed settled; its references name each panel of the
 *     layout (or the sheet) once and fewer panels than there are
 * @param adapter that the task draws with
 * @param prompt the one prompt that the adapter was tuned on, composed by the task's template
 */
public record RenderJob(
    String id,
    JobRequest request,
    String adapter,
    String prompt,
    Layout layout,
    Sampling sampling) {

  /** The same job under another id. */
  public RenderJob withId(String other) {
    return new RenderJob(other, request, adapter, prompt, layout, sampling);
  }

  /**
   * A request that draws the same set by itself, whatever becomes of the catalog's defaults. It
   * leaves out what matters only to the first caller.
   */
  public JobRequest repeated() {
    return new JobRequest(
        request.scene(),
        new JobRequest.SamplingChoice(
            OptionalLong.of(sampling.seed()),
            OptionalInt.of(sampling.steps()),
            OptionalDouble.of(sampling.guidance()),
            OptionalDouble.of(sampling.adapterScale()),
            Optional.of(layout)),
        JobRequest.DeliveryTerms.OPEN.in(format()),
        new JobRequest.Basis(references(), request.strength(), Optional.empty()),
        JobRequest.Reporting.NONE);
  }

  public String task() {
    return request.task();
  }

  public Lane lane() {
    return request.lane().orElse(Lane.INTERACTIVE);
  }

  public ImageFormat format() {
    return request.delivery().format().orElse(ImageFormat.PNG);
  }

  public Optional<Deadline> deadline() {
    return request.deadline();
  }

  public List<Reference> references() {
    return request.references();
  }

  /** 0 to 1; below 1 only where a reference is the sheet's. */
  public double strength() {
    return request.strength().orElse(1);
  }

  /** Whether events carry small pictures. */
  public boolean previews() {
    return request.reporting().previews().orElse(false);
  }
}
