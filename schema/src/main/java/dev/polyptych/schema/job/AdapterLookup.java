package dev.polyptych.schema.job;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.json.DidYouMean;
import dev.polyptych.schema.registry.ScaledAdapter;
import java.util.List;

/** Finds the adapters that requests and tasks name, for jobs of one base. */
public interface AdapterLookup {
  /** The adapters that a task draws with. */
  Validated<List<PinnedAdapter>> of(Task task);

  /**
   * An adapter that a request names.
   *
   * @param field its place in the request, for the problem
   */
  Validated<PinnedAdapter> find(ScaledAdapter wanted, String field);

  /** Knows the adapters of a catalog's tasks, by their names. */
  static AdapterLookup of(Catalog catalog) {
    return new CatalogAdapters(catalog);
  }

  /**
   * The problem of a name that stands for no adapter.
   *
   * @param known names that do
   */
  static FieldProblem unknown(ScaledAdapter wanted, String field, List<String> known) {
    String name = wanted.reference().toString();
    String remedy =
        DidYouMean.to(name, known)
            .map(near -> "did you mean '" + near + "'?")
            .orElse("register it with PUT /v1/adapters/{name}");
    return new FieldProblem(
        ErrorCode.UNKNOWN_ADAPTER, field, "there is no adapter '%s'; %s".formatted(name, remedy));
  }
}
