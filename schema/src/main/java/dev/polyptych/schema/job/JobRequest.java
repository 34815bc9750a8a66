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
    Map<String, String> metadata) {

  public JobRequest {
    panels = List.copyOf(panels);
    metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
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
        metadata);
  }
}
