package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.registry.ScaledAdapter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The request of a product backend. The task's defaults fill missing fields. Its JSON is flat: the
 * parts are grouped here only.
 */
public record JobRequest(
    @JsonUnwrapped Scene scene,
    @JsonUnwrapped SamplingChoice sampling,
    @JsonUnwrapped DeliveryTerms delivery,
    @JsonUnwrapped Basis basis,
    @JsonUnwrapped Reporting reporting) {

  /**
   * What the set shows.
   *
   * @param task id of a task of the catalog
   * @param prompt what the whole set shows
   * @param panels one text a panel, in reading order
   * @param truncate whether text that the model does not read may be cut; not kept with an accepted
   *     job, whose {@link RenderJob#text} tells what was
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Scene(String task, String prompt, List<String> panels, Optional<Boolean> truncate) {
    public Scene {
      panels = List.copyOf(panels);
    }

    /** Texts that must be read whole. */
    public Scene(String task, String prompt, List<String> panels) {
      this(task, prompt, panels, Optional.empty());
    }
  }

  /**
   * How the sheet is denoised.
   *
   * @param seed 0 to 2⁵³ − 1; the dispatcher draws one when it is absent
   * @param guidance distilled guidance scale
   * @param adapterScale strength of the task's adapter, 1 as tuned
   * @param adapters in place of the task's own; none of them for the base alone
   * @param layout same number of panels as the task's own
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record SamplingChoice(
      OptionalLong seed,
      OptionalInt steps,
      OptionalDouble guidance,
      OptionalDouble adapterScale,
      Optional<Layout> layout,
      Optional<List<ScaledAdapter>> adapters) {
    public SamplingChoice {
      adapters = adapters == null ? Optional.empty() : adapters.map(List::copyOf);
    }

    /** The task's defaults at a seed. */
    public static SamplingChoice of(OptionalLong seed, OptionalInt steps) {
      return new SamplingChoice(
          seed,
          steps,
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          Optional.empty(),
          Optional.empty());
    }

    SamplingChoice withSeed(OptionalLong other) {
      return new SamplingChoice(other, steps, guidance, adapterScale, layout, adapters);
    }
  }

  /**
   * How the set is delivered.
   *
   * @param deadline after which the job is useless
   * @param metadata the caller's own; kept and returned
   * @param label a short name for people
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record DeliveryTerms(
      Optional<Lane> lane,
      Optional<ImageFormat> format,
      Optional<Deadline> deadline,
      Map<String, String> metadata,
      Optional<String> label) {
    public static final DeliveryTerms OPEN =
        new DeliveryTerms(
            Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Optional.empty());

    public DeliveryTerms {
      metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
    }

    public DeliveryTerms onLane(Optional<Lane> other) {
      return new DeliveryTerms(other, format, deadline, metadata, label);
    }

    public DeliveryTerms in(ImageFormat other) {
      return new DeliveryTerms(lane, Optional.of(other), deadline, metadata, label);
    }

    public DeliveryTerms noting(Map<String, String> other) {
      return new DeliveryTerms(lane, format, deadline, other, label);
    }

    public DeliveryTerms until(Optional<Deadline> other) {
      return new DeliveryTerms(lane, format, other, metadata, label);
    }
  }

  /**
   * The pictures that the set starts from.
   *
   * @param references pictures that panels show instead of being drawn
   * @param strength how much of the schedule is run over the sheet's own picture, 1 for all
   * @param rerollOf the job of which a panel is drawn again
   * @param reference how the references steer the other panels; not kept with an accepted job,
   *     whose pins hold it
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Basis(
      List<Reference> references,
      OptionalDouble strength,
      Optional<String> rerollOf,
      Optional<ReferenceMethod> reference) {
    /** Text alone. */
    public static final Basis TEXT = new Basis(List.of(), OptionalDouble.empty(), Optional.empty());

    public Basis {
      references = references == null ? List.of() : List.copyOf(references);
      reference = reference == null ? Optional.empty() : reference;
    }

    /** Used by the method that is usual for the task. */
    public Basis(List<Reference> references, OptionalDouble strength, Optional<String> rerollOf) {
      this(references, strength, rerollOf, Optional.empty());
    }
  }

  /**
   * How the caller is informed about the job.
   *
   * @param previews whether events carry a small picture of what is being drawn; not by default
   * @param callbackUrl where the final status is posted to; see {@link CallbackUrl}
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Reporting(Optional<Boolean> previews, Optional<String> callbackUrl) {
    /** No previews and no callback. */
    public static final Reporting NONE = new Reporting(Optional.empty(), Optional.empty());
  }

  /** A set that is drawn from text alone, in the usual way. */
  public static JobRequest of(Scene scene, SamplingChoice sampling) {
    return new JobRequest(scene, sampling, DeliveryTerms.OPEN, Basis.TEXT, Reporting.NONE);
  }

  /**
   * One panel drawn again, the others as they are; without a deadline.
   *
   * @param job whose request this is
   * @param texts of the panels
   * @param newSeed empty for any
   * @param kept the other panels' pictures
   */
  public JobRequest reroll(
      String job, List<String> texts, OptionalLong newSeed, List<Reference> kept) {
    return new JobRequest(
        new Scene(task(), prompt(), texts),
        sampling.withSeed(newSeed),
        delivery.until(Optional.empty()),
        new Basis(kept, OptionalDouble.empty(), Optional.of(job)),
        reporting);
  }

  /** The same request with other references, at full strength. */
  public JobRequest withReferences(List<Reference> others) {
    Basis other = new Basis(others, OptionalDouble.empty(), basis.rerollOf(), basis.reference());
    return new JobRequest(scene, sampling, delivery, other, reporting);
  }

  /** The same request with a settled seed, so that every attempt draws the same picture. */
  public JobRequest withSeed(long settled) {
    SamplingChoice seeded = sampling.withSeed(OptionalLong.of(settled));
    return new JobRequest(scene, seeded, delivery, basis, reporting);
  }

  /** The same request, which accepts a cut or does not say so. */
  public JobRequest truncating(boolean accepted) {
    Optional<Boolean> said = accepted ? Optional.of(true) : Optional.empty();
    Scene other = new Scene(task(), prompt(), panels(), said);
    return new JobRequest(other, sampling, delivery, basis, reporting);
  }

  /** The same request, which says how its references steer the other panels, or does not. */
  public JobRequest steering(Optional<ReferenceMethod> method) {
    Basis other = new Basis(references(), basis.strength(), basis.rerollOf(), method);
    return new JobRequest(scene, sampling, delivery, other, reporting);
  }

  /** The same request under other terms. */
  public JobRequest with(DeliveryTerms terms) {
    return new JobRequest(scene, sampling, terms, basis, reporting);
  }

  public String task() {
    return scene.task();
  }

  public String prompt() {
    return scene.prompt();
  }

  public List<String> panels() {
    return scene.panels();
  }

  public OptionalLong seed() {
    return sampling.seed();
  }

  public Optional<Layout> layout() {
    return sampling.layout();
  }

  public Optional<Lane> lane() {
    return delivery.lane();
  }

  public Optional<Deadline> deadline() {
    return delivery.deadline();
  }

  public Map<String, String> metadata() {
    return delivery.metadata();
  }

  public List<Reference> references() {
    return basis.references();
  }

  public OptionalDouble strength() {
    return basis.strength();
  }

  public Optional<String> rerollOf() {
    return basis.rerollOf();
  }

  public Optional<String> callbackUrl() {
    return reporting.callbackUrl();
  }
}
