package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.polyptych.schema.catalog.Layout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a product backend asks for; what it leaves open comes from the task's defaults.
 *
 * @param task id of a task of the catalog
 * @param prompt what the whole set shows
 * @param panels one text a panel, in reading order
 * @param seed 0 to 2⁵³ − 1; drawn by the dispatcher when absent
 * @param guidance distilled guidance scale
 * @param adapterScale strength of the task's adapter, 1 as tuned
 * @param layout same number of panels as the task's own
 * @param deadline until when the job is worth anything
 * @param metadata the caller's own, kept and given back
 * @param references pictures that panels show instead of being drawn
 * @param previews whether events carry a small picture of what is being drawn; not by default
 * @param rerollOf the job of which a panel is drawn anew
 * @param strength how much of the schedule is run over the sheet's own picture, 1 for all
 * @param callbackUrl where the final status is posted to; see {@link CallbackUrl}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JobRequest(
    String task,
    String prompt,
    List<String> panels,
    OptionalLong seed,
    OptionalInt steps,
    OptionalDouble guidance,
    OptionalDouble adapterScale,
    Optional<Layout> layout,
    Optional<Lane> lane,
    Optional<ImageFormat> format,
    Optional<Deadline> deadline,
    Map<String, String> metadata,
    List<Reference> references,
    OptionalDouble strength,
    Optional<String> rerollOf,
    Optional<Boolean> previews,
    Optional<String> callbackUrl) {

  public JobRequest {
    panels = List.copyOf(panels);
    metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
    references = references == null ? List.of() : List.copyOf(references);
  }

  /** A set to draw from text alone. */
  public JobRequest(
      String task,
      String prompt,
      List<String> panels,
      OptionalLong seed,
      OptionalInt steps,
      OptionalDouble guidance,
      OptionalDouble adapterScale,
      Optional<Layout> layout,
      Optional<Lane> lane,
      Optional<ImageFormat> format,
      Optional<Deadline> deadline,
      Map<String, String> metadata) {
    this(
        task,
        prompt,
        panels,
        seed,
        steps,
        guidance,
        adapterScale,
        layout,
        lane,
        format,
        deadline,
        metadata,
        List.of(),
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * One panel drawn anew, the others as they are; it waits as long as it must.
   *
   * @param job whose request this is
   * @param texts of the panels
   * @param newSeed empty for any
   * @param kept the other panels' pictures
   */
  public JobRequest reroll(
      String job, List<String> texts, OptionalLong newSeed, List<Reference> kept) {
    return new JobRequest(
        task,
        prompt,
        texts,
        newSeed,
        steps,
        guidance,
        adapterScale,
        layout,
        lane,
        format,
        Optional.empty(),
        metadata,
        kept,
        OptionalDouble.empty(),
        Optional.of(job),
        previews,
        callbackUrl);
  }

  /**
   * A request that draws the same set by itself, whatever becomes of the catalog's defaults;
   * without what matters to its first caller only.
   *
   * @param job what the request was resolved to
   */
  public JobRequest repeated(RenderJob job) {
    Sampling sampling = job.sampling();
    return new JobRequest(
        task,
        prompt,
        panels,
        OptionalLong.of(sampling.seed()),
        OptionalInt.of(sampling.steps()),
        OptionalDouble.of(sampling.guidance()),
        OptionalDouble.of(sampling.adapterScale()),
        Optional.of(job.layout()),
        Optional.empty(),
        Optional.of(job.format()),
        Optional.empty(),
        Map.of(),
        references,
        strength,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same request with other references, at full strength. */
  public JobRequest withReferences(List<Reference> others) {
    return new JobRequest(
        task,
        prompt,
        panels,
        seed,
        steps,
        guidance,
        adapterScale,
        layout,
        lane,
        format,
        deadline,
        metadata,
        others,
        OptionalDouble.empty(),
        rerollOf,
        previews,
        callbackUrl);
  }

  /** The same request with its seed settled, so that every attempt draws the same picture. */
  public JobRequest withSeed(long settled) {
    return new JobRequest(
        task,
        prompt,
        panels,
        OptionalLong.of(settled),
        steps,
        guidance,
        adapterScale,
        layout,
        lane,
        format,
        deadline,
        metadata,
        references,
        strength,
        rerollOf,
        previews,
        callbackUrl);
  }
}
