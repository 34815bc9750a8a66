package dev.polyptych.schema.job;

import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.TextReading;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A request resolved against a catalog. Every value is set.
 *
 * @param request the original request with its final seed; its references name a panel (or the
 *     sheet) at most once, and never all panels
 * @param pins what the request means
 */
public record RenderJob(String id, JobRequest request, Pins pins) {

  /** The same job under another id. */
  public RenderJob withId(String other) {
    return new RenderJob(other, request, pins);
  }

  /**
   * The same job with its text counted. The request no longer says whether a cut is accepted: the
   * count tells it.
   */
  public RenderJob counted(TextReading reading) {
    return new RenderJob(id, request.truncating(false), pins.counted(reading));
  }

  /**
   * A request that draws the same set, even if the catalog's defaults change. It omits the fields
   * that matter only to the first caller.
   */
  public JobRequest repeated() {
    boolean listed =
        request.sampling().adapters().isPresent()
            || pins.adapters().stream().anyMatch(adapter -> adapter.digest().isPresent());
    return new JobRequest(
        request.truncating(text().filter(TextReading::truncated).isPresent()).scene(),
        new JobRequest.SamplingChoice(
            OptionalLong.of(sampling().seed()),
            OptionalInt.of(sampling().steps()),
            OptionalDouble.of(sampling().guidance()),
            listed ? OptionalDouble.empty() : OptionalDouble.of(sampling().adapterScale()),
            Optional.of(layout()),
            listed
                ? Optional.of(pins.adapters().stream().map(PinnedAdapter::wanted).toList())
                : Optional.empty()),
        JobRequest.DeliveryTerms.OPEN.in(format()),
        new JobRequest.Basis(references(), request.strength(), Optional.empty(), pins.reference()),
        JobRequest.Reporting.NONE);
  }

  /** The same job, whose text nobody could count. */
  public RenderJob uncounted() {
    return new RenderJob(id, request.truncating(false), pins);
  }

  /** What makes a worker warm for the job, see {@link Pins#adapterKey}. */
  public String adapter() {
    return pins.adapterKey();
  }

  /** The joint prompt. */
  public String prompt() {
    return pins.prompt().text();
  }

  public Layout layout() {
    return pins.layout();
  }

  /** Image tokens of the whole sheet. */
  public int tokens() {
    return pins.tokens();
  }

  public Sampling sampling() {
    return pins.sampling();
  }

  /** How much of the prompt the model reads; empty if nobody has counted. */
  public Optional<TextReading> text() {
    return pins.text();
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

  /** How the references steer the other panels. */
  public ReferenceMethod reference() {
    return pins.reference().orElse(ReferenceMethod.SDEDIT);
  }

  /** Whether events carry small pictures. */
  public boolean previews() {
    return request.reporting().previews().orElse(false);
  }
}
