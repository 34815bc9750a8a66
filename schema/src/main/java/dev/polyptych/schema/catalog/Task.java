package dev.polyptych.schema.catalog;

import java.util.List;

/**
 * An IC-LoRA task.
 *
 * @param id as callers name it, lower case and dashes
 * @param adapter id of its adapter: {@code <adapter>.safetensors} in the adapters' folder, the
 *     record key on Kafka, and what keeps a worker warm
 * @param template how the joint prompt is composed; its panel count is the layout's
 * @param example a request worth trying
 */
public record Task(
    String id,
    String title,
    String adapter,
    Layout layout,
    PromptTemplate template,
    Defaults defaults,
    Example example) {

  /** What a request leaves open. */
  public record Defaults(int steps, double guidance, double adapterScale) {}

  /** Texts of a request, one panel text a panel. */
  public record Example(String prompt, List<String> panels) {
    public Example {
      panels = List.copyOf(panels);
    }
  }
}
