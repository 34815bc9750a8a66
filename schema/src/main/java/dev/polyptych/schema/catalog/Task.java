package dev.polyptych.schema.catalog;

import dev.polyptych.schema.error.FieldProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An IC-LoRA task.
 *
 * @param id as callers name it, lower case and dashes
 * @param adapter id of its adapter: {@code <adapter>.safetensors} in the adapters' folder, the
 *     record key on Kafka, and what keeps a worker warm
 * @param template how the joint prompt is composed; its panel count is the layout's
 * @param example a request worth trying
 * @param routing where its jobs go, over what the dispatchers find by themselves
 */
public record Task(
    String id,
    String title,
    String adapter,
    Layout layout,
    PromptTemplate template,
    Defaults defaults,
    Example example,
    Optional<Routing> routing) {

  public Task {
    routing = routing == null ? Optional.empty() : routing;
  }

  /** What a request leaves open. */
  public record Defaults(int steps, double guidance, double adapterScale) {}

  /** Texts of a request, one panel text a panel. */
  public record Example(String prompt, List<String> panels) {
    public Example {
      panels = List.copyOf(panels);
    }
  }

  /**
   * What an operator wants of routing; it holds for the adapter.
   *
   * @param pin the partition of all its jobs, counted from 0; before {@code minimumWidth}
   * @param minimumWidth at least so many workers take them, as far as there are so many
   */
  public record Routing(Optional<Integer> pin, Optional<Integer> minimumWidth) {
    public Routing {
      pin = pin == null ? Optional.empty() : pin;
      minimumWidth = minimumWidth == null ? Optional.empty() : minimumWidth;
    }

    /** Everything wrong with it; {@code path} is where it stands in the document. */
    List<FieldProblem> problems(String path) {
      List<FieldProblem> problems = new ArrayList<>();
      pin.filter(partition -> partition < 0)
          .ifPresent(
              partition ->
                  problems.add(
                      FieldProblem.invalid(
                          path + ".pin",
                          "must be the number of a partition, from 0, not " + partition)));
      minimumWidth
          .filter(width -> width < 1)
          .ifPresent(
              width ->
                  problems.add(
                      FieldProblem.invalid(
                          path + ".minimumWidth",
                          "must be a number of workers, 1 or more, not " + width)));
      return problems;
    }
  }
}
