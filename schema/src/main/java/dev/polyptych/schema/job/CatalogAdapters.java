package dev.polyptych.schema.job;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.registry.ScaledAdapter;
import java.util.List;

/** The adapters of a catalog's tasks. They have names only. */
record CatalogAdapters(Catalog catalog) implements AdapterLookup {
  @Override
  public Validated<List<PinnedAdapter>> of(Task task) {
    return new Validated.Valid<>(
        List.of(PinnedAdapter.named(task.adapter(), task.defaults().adapterScale())));
  }

  @Override
  public Validated<PinnedAdapter> find(ScaledAdapter wanted, String field) {
    List<String> known = catalog.tasks().stream().map(Task::adapter).distinct().toList();
    String name = wanted.reference().toString();
    return known.contains(name)
        ? new Validated.Valid<>(PinnedAdapter.named(name, wanted.scale()))
        : new Validated.Invalid<>(List.of(AdapterLookup.unknown(wanted, field, known)));
  }
}
