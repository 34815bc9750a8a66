package dev.polyptych.schema.job;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.json.DidYouMean;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Resolves a request against a catalog: fills what it leaves open and refuses what does not fit.
 */
public final class JobResolver {
  private final Catalog catalog;

  public JobResolver(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * @param request with its seed settled
   */
  public Validated<RenderJob> resolve(String id, JobRequest request) {
    Optional<Task> task = catalog.task(request.task());
    if (task.isEmpty()) {
      return new Validated.Invalid<>(List.of(unknownTask(request.task())));
    }
    List<FieldProblem> problems = new ArrayList<>();
    Layout layout = request.layout().orElse(task.get().layout());
    checkLayout(layout, task.get(), problems);
    checkPanels(request, task.get(), problems);
    problems.addAll(ReferenceRules.problems(request, layout));
    if (!problems.isEmpty()) {
      return new Validated.Invalid<>(problems);
    }
    return new Validated.Valid<>(job(id, request, task.get(), layout));
  }

  private static RenderJob job(String id, JobRequest request, Task task, Layout layout) {
    Task.Defaults defaults = task.defaults();
    return new RenderJob(
        id,
        task.id(),
        task.adapter(),
        task.template().compose(request.prompt(), request.panels()),
        layout,
        new Sampling(
            request.steps().orElse(defaults.steps()),
            request.guidance().orElse(defaults.guidance()),
            request.adapterScale().orElse(defaults.adapterScale()),
            request.seed().orElseThrow()),
        request.lane().orElse(Lane.INTERACTIVE),
        request.format().orElse(ImageFormat.PNG),
        request.deadline(),
        request.references(),
        request.strength().orElse(1),
        request.previews().orElse(false));
  }

  private FieldProblem unknownTask(String id) {
    String remedy =
        DidYouMean.to(id, catalog.taskIds())
            .map(near -> "did you mean '" + near + "'?")
            .orElse("known tasks: " + String.join(", ", catalog.taskIds()));
    return new FieldProblem(
        ErrorCode.UNKNOWN_TASK, "task", "there is no task '" + id + "'; " + remedy);
  }

  private static void checkLayout(Layout layout, Task task, List<FieldProblem> problems) {
    problems.addAll(layout.problems("layout"));
    if (layout.panels() != task.layout().panels()) {
      problems.add(
          FieldProblem.invalid(
              "layout",
              "has %d panels, but %s draws %d"
                  .formatted(layout.panels(), task.id(), task.layout().panels())));
    }
  }

  private static void checkPanels(JobRequest request, Task task, List<FieldProblem> problems) {
    int expected = task.layout().panels();
    if (request.panels().size() != expected) {
      problems.add(
          FieldProblem.invalid(
              "panels",
              "%s takes %d panel texts, not %d"
                  .formatted(task.id(), expected, request.panels().size())));
    }
  }
}
