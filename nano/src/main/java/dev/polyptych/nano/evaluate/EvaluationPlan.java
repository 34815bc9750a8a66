package dev.polyptych.nano.evaluate;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The plan of an evaluation.
 *
 * @param tasks of the drawn world
 * @param contenders the base, or the base and the adapter
 * @param sampling how sets are drawn
 */
public record EvaluationPlan(
    Path model, Path scorer, List<Task> tasks, List<Contender> contenders, Sampling sampling) {
  public EvaluationPlan {
    tasks = List.copyOf(tasks);
    contenders = List.copyOf(contenders);
  }

  /**
   * How sets are drawn.
   *
   * @param sets per task
   * @param steps of each sheet; empty: the task's default
   * @param seed of prompts, noise and references
   * @param reference how a given panel steers the others; empty: the task's default
   * @param validationPanels number of panels to validate the scorer on
   */
  public record Sampling(
      int sets,
      OptionalInt steps,
      long seed,
      Optional<ReferenceMethod> reference,
      int validationPanels) {
    public Sampling {
      if (sets < 1 || steps.orElse(1) < 1 || validationPanels < 1) {
        throw new IllegalArgumentException(
            "sets, steps and validation panels must be positive, were %d, %s and %d"
                .formatted(sets, steps, validationPanels));
      }
    }
  }

  /**
   * The tasks to evaluate.
   *
   * @param named their ids; empty: all tasks that have an adapter
   * @throws EvaluationException if a task or its adapter is missing
   */
  public static List<Task> tasks(
      Catalog catalog, List<String> named, List<Contender> contenders, Path model) {
    boolean adapted = contenders.contains(Contender.ADAPTER);
    if (named.isEmpty()) {
      List<Task> all =
          catalog.tasks().stream()
              .filter(task -> !adapted || Files.isRegularFile(adapter(model, task)))
              .toList();
      if (all.isEmpty()) {
        throw new EvaluationException(
            "no task of %s has an adapter in %s; make one with polyptych tune, or evaluate with --base-only"
                .formatted(catalog.model(), model.resolve("adapters")));
      }
      return all;
    }
    return named.stream().map(id -> task(catalog, id, adapted, model)).toList();
  }

  private static Task task(Catalog catalog, String id, boolean adapted, Path model) {
    Task task =
        catalog
            .task(id)
            .orElseThrow(
                () ->
                    new EvaluationException(
                        "there is no task " + id + "; the tasks are " + catalog.taskIds()));
    if (adapted && !Files.isRegularFile(adapter(model, task))) {
      throw new EvaluationException(
          "%s has no adapter: %s is missing; make it with polyptych tune --task %s, or evaluate with --base-only"
              .formatted(id, adapter(model, task), id));
    }
    return task;
  }

  /** The file of a task's adapter. */
  static Path adapter(Path model, Task task) {
    return model.resolve("adapters").resolve(task.adapter() + ".safetensors");
  }

  /** Something that the evaluation needs is missing. The message says what, and how to make it. */
  public static final class EvaluationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EvaluationException(String message) {
      super(message);
    }
  }

  /** The models that are compared. */
  public enum Contender {
    /** The model alone. Its open attributes differ within a set. */
    BASE,
    /** The model with the task's adapter. */
    ADAPTER;

    /** For figures and tables: {@code base}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
