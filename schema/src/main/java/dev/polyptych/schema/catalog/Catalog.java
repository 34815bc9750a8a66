package dev.polyptych.schema.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.polyptych.schema.error.FieldProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tasks of one model: layouts and defaults fit that model only.
 *
 * @param model name of the model whose adapters these are, as workers report it
 * @param note what users of the model must know: quality, licence
 * @param largestSheetPixels pixels of the largest sheet that the model draws in reasonable time;
 *     empty: the limit of every layout
 * @param tokenEdge pixels a side of one of the model's tokens, if not {@value #USUAL_EDGE}
 * @param condition whether the model was trained to read references, as FLUX.1 Fill; not if empty
 * @param guided whether the model reads a guidance scale; unknown if empty
 */
public record Catalog(
    @JsonProperty("v") int version,
    String model,
    String note,
    Optional<Integer> largestSheetPixels,
    Optional<Integer> tokenEdge,
    Optional<Boolean> condition,
    Optional<Boolean> guided,
    List<Task> tasks) {
  /** The version this code reads and writes. */
  public static final int VERSION = 1;

  /** FLUX.1's: autoencoder factor 8 × patch 2. */
  static final int USUAL_EDGE = 16;

  private static final int LARGEST_EDGE = 64;

  /**
   * @throws IllegalArgumentException naming the task, when a task contradicts itself or another
   */
  public Catalog {
    if (version != VERSION) {
      throw new IllegalArgumentException("v: must be " + VERSION + ", not " + version);
    }
    tokenEdge = tokenEdge == null ? Optional.empty() : tokenEdge;
    condition = condition == null ? Optional.empty() : condition;
    guided = guided == null ? Optional.empty() : guided;
    int edge = tokenEdge.orElse(USUAL_EDGE);
    if (edge < 1 || edge > LARGEST_EDGE) {
      throw new IllegalArgumentException(
          "tokenEdge: must be 1 to " + LARGEST_EDGE + " pixels, not " + edge);
    }
    tasks = List.copyOf(tasks);
    largestSheetPixels = largestSheetPixels == null ? Optional.empty() : largestSheetPixels;
    Set<String> ids = new HashSet<>();
    for (Task task : tasks) {
      if (!ids.add(task.id())) {
        throw new IllegalArgumentException("tasks: " + task.id() + " stands twice");
      }
      check(task, edge);
      task.defaults()
          .problem(model, condition.orElse(false), task.id() + ".defaults.reference")
          .ifPresent(
              problem -> {
                throw new IllegalArgumentException(problem.field() + ": " + problem.detail());
              });
      sheetProblem(model, largestSheetPixels, task.layout(), task.id() + ".layout")
          .ifPresent(
              problem -> {
                throw new IllegalArgumentException(problem.field() + ": " + problem.detail());
              });
    }
    checkRouting(tasks);
  }

  /** The problem of a sheet that is too large for the model; {@code path} is its place. */
  public Optional<FieldProblem> sheetProblem(Layout layout, String path) {
    return sheetProblem(model, largestSheetPixels, layout, path);
  }

  /** As {@link #sheetProblem(Layout, String)}, for a model that is not in a catalog. */
  public static Optional<FieldProblem> sheetProblem(
      String model, Optional<Integer> largest, Layout layout, String path) {
    long pixels = (long) layout.sheetWidth() * layout.sheetHeight();
    return largest
        .filter(most -> pixels > most)
        .map(
            most ->
                FieldProblem.invalid(
                    path,
                    "the sheet has %d x %d = %d pixels, and model %s draws at most %d; ask for"
                            .formatted(
                                layout.sheetWidth(), layout.sheetHeight(), pixels, model, most)
                        + " smaller panels"));
  }

  /** A catalog of a model with the usual token edge. */
  public Catalog(int version, String model, String note, List<Task> tasks) {
    this(
        version,
        model,
        note,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        tasks);
  }

  /** Whether the model was trained to read references. */
  public boolean conditions() {
    return condition.orElse(false);
  }

  /** Pixels a side of one of the model's tokens. */
  public int edge() {
    return tokenEdge.orElse(USUAL_EDGE);
  }

  /** The same model with other tasks. */
  public Catalog withTasks(List<Task> others) {
    return new Catalog(
        version, model, note, largestSheetPixels, tokenEdge, condition, guided, others);
  }

  public Optional<Task> task(String id) {
    return tasks.stream().filter(task -> task.id().equals(id)).findFirst();
  }

  public List<String> taskIds() {
    return tasks.stream().map(Task::id).toList();
  }

  private static void check(Task task, int edge) {
    List<FieldProblem> problems =
        new ArrayList<>(task.layout().problems(task.id() + ".layout", edge));
    task.routing().ifPresent(routing -> problems.addAll(routing.problems(task.id() + ".routing")));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.getFirst().field() + ": " + problems.getFirst().detail());
    }
    int panels = task.layout().panels();
    if (task.template().panels() != panels || task.example().panels().size() != panels) {
      throw new IllegalArgumentException(
          task.id() + ": layout, template and example must have the same number of panels");
    }
  }

  /** Jobs are routed by adapter, so tasks that share one can't be routed apart. */
  private static void checkRouting(List<Task> tasks) {
    Map<String, Task> first = new HashMap<>();
    for (Task task : tasks) {
      Task other = first.putIfAbsent(task.adapter(), task);
      if (other != null && !other.routing().equals(task.routing())) {
        throw new IllegalArgumentException(
            "%s.routing: must be that of %s, which has the same adapter; write both alike"
                .formatted(task.id(), other.id()));
      }
    }
  }
}
