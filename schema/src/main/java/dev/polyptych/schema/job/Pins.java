package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.PromptTemplate.Composed;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.TextReading;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a request meant when it was accepted. The job's record holds it, so that every attempt draws
 * the same, whatever is registered or configured meanwhile.
 *
 * @param base id of the model
 * @param taskDigest SHA-256 in hexadecimal of the task as {@code GET /v1/tasks} writes it
 * @param adapters in order; their effects add up
 * @param prompt the one prompt that the adapters were tuned on, composed by the task's template
 * @param tokens image tokens of the whole sheet
 * @param text how much of the prompt the model reads; empty if nobody has counted
 * @param reference how the references steer the other panels; empty without references, and for a
 *     job of the version before, which is drawn by masked SDEdit
 */
public record Pins(
    String base,
    String taskDigest,
    List<PinnedAdapter> adapters,
    Composed prompt,
    Layout layout,
    int tokens,
    Sampling sampling,
    Optional<TextReading> text,
    Optional<ReferenceMethod> reference) {
  public Pins {
    adapters = List.copyOf(adapters);
    text = text == null ? Optional.empty() : text;
    reference = reference == null ? Optional.empty() : reference;
  }

  /** The same with its text counted. */
  Pins counted(TextReading reading) {
    return new Pins(
        base,
        taskDigest,
        adapters,
        prompt,
        layout,
        tokens,
        sampling,
        Optional.of(reading),
        reference);
  }

  /** What makes a worker warm for the job: its adapters in order, whatever their strengths. */
  @JsonIgnore
  public String adapterKey() {
    return PinnedAdapter.key(adapters);
  }

  /** The adapters as people know them. */
  @JsonIgnore
  public String adapterNames() {
    return adapters.stream().map(PinnedAdapter::name).collect(Collectors.joining("+"));
  }
}
