package dev.polyptych.schema.registry;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.FieldProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A task as somebody writes it, before it has a number.
 *
 * @param base id of the base that draws it
 * @param adapters in order; empty for the task's one adapter at its default scale; an empty list
 *     for the base alone
 */
public record TaskDraft(String base, Task task, Optional<List<ScaledAdapter>> adapters) {
  /**
   * @throws IllegalArgumentException naming the wrong field
   */
  public TaskDraft {
    RegistryName.checked("base", base);
    RegistryName.checked("id", task.id());
    adapters = adapters.map(List::copyOf);
    if (adapters.filter(uses -> uses.size() > ScaledAdapter.MOST).isPresent()) {
      throw new IllegalArgumentException("adapters: at most " + ScaledAdapter.MOST + " fit");
    }
  }

  /** What does not fit the base: the layout's edges and the size of the sheet. */
  public List<FieldProblem> problems(BaseDeclaration declared) {
    List<FieldProblem> problems =
        new ArrayList<>(task.layout().problems("layout", declared.edge()));
    if (problems.isEmpty()) {
      Catalog.sheetProblem(declared.id(), declared.largestSheetPixels(), task.layout(), "layout")
          .ifPresent(problems::add);
    }
    task.defaults()
        .problem(declared.id(), declared.conditions(), "defaults.reference")
        .ifPresent(problems::add);
    return problems;
  }
}
