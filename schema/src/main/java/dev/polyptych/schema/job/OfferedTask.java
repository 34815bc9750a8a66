package dev.polyptych.schema.job;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.Validated;
import java.util.List;

/**
 * A task that jobs may name.
 *
 * @param base the catalog of the model that draws it; it need not hold the task
 * @param adapters of that model
 * @param digest of the task
 */
public record OfferedTask(Task task, Catalog base, AdapterLookup adapters, String digest) {
  public OfferedTask(Task task, Catalog base, AdapterLookup adapters) {
    this(task, base, adapters, task.digest());
  }

  /** The tasks of a catalog, with its adapters. */
  public static List<OfferedTask> of(Catalog catalog) {
    AdapterLookup adapters = AdapterLookup.of(catalog);
    return catalog.tasks().stream().map(task -> new OfferedTask(task, catalog, adapters)).toList();
  }

  /** What makes a worker warm for the task's jobs. */
  public String adapterKey() {
    return switch (adapters.of(task)) {
      case Validated.Valid<List<PinnedAdapter>>(var pinned) -> PinnedAdapter.key(pinned);
      case Validated.Invalid<List<PinnedAdapter>> _ -> task.adapter();
    };
  }
}
