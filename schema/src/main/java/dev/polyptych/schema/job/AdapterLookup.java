package dev.polyptych.schema.job;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.json.DidYouMean;
import java.util.List;

/** Finds the adapters that requests and tasks name. */
@FunctionalInterface
public interface AdapterLookup {
  /**
   * The adapter of a choice, for jobs of one base.
   *
   * @param field its place in the request, for the problem
   */
  Validated<PinnedAdapter> find(AdapterChoice choice, String field);

  /** Knows the adapters of a catalog's tasks, by their names. */
  static AdapterLookup of(Catalog catalog) {
    List<String> known = catalog.tasks().stream().map(Task::adapter).distinct().toList();
    return (choice, field) ->
        known.contains(choice.name())
            ? new Validated.Valid<>(PinnedAdapter.named(choice.name(), choice.scale()))
            : new Validated.Invalid<>(List.of(unknown(choice, field, known)));
  }

  /**
   * The problem of a name that stands for no adapter.
   *
   * @param known names that do
   */
  static FieldProblem unknown(AdapterChoice choice, String field, List<String> known) {
    String remedy =
        DidYouMean.to(choice.name(), known)
            .map(near -> "did you mean '" + near + "'?")
            .orElse("register it with PUT /v1/adapters/{name}");
    return new FieldProblem(
        ErrorCode.UNKNOWN_ADAPTER,
        field,
        "there is no adapter '%s'; %s".formatted(choice.name(), remedy));
  }
}
