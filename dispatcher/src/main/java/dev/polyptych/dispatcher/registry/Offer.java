package dev.polyptych.dispatcher.registry;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.AdapterLookup;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.PinnedAdapter;
import dev.polyptych.schema.registry.TaskVersion;
import java.util.List;
import java.util.Map;

/**
 * What a tenant's jobs may name at one edition of the registry.
 *
 * @param edition of the registry
 * @param catalog all tasks, registered ones in place of those of the same id that came with the
 *     dispatcher
 * @param registered the registered tasks among them, by id
 */
public record Offer(
    String edition,
    Catalog catalog,
    Map<String, TaskVersion> registered,
    AdapterLookup adapters,
    JobResolver resolver) {
  /** What comes with the dispatcher. */
  static Offer of(Catalog catalog) {
    return of("", catalog, Map.of(), AdapterLookup.of(catalog));
  }

  static Offer of(
      String edition,
      Catalog catalog,
      Map<String, TaskVersion> registered,
      AdapterLookup adapters) {
    return new Offer(
        edition, catalog, Map.copyOf(registered), adapters, new JobResolver(catalog, adapters));
  }

  /** What makes a worker warm for the jobs of a task. */
  public String adapterKey(Task task) {
    return switch (adapters.of(task)) {
      case Validated.Valid<List<PinnedAdapter>>(var pinned) -> PinnedAdapter.key(pinned);
      case Validated.Invalid<List<PinnedAdapter>> _ -> task.adapter();
    };
  }
}
