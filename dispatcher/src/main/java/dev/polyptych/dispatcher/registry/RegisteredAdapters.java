package dev.polyptych.dispatcher.registry;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.AdapterLookup;
import dev.polyptych.schema.job.PinnedAdapter;
import dev.polyptych.schema.registry.AdapterReference;
import dev.polyptych.schema.registry.AdapterVersion;
import dev.polyptych.schema.registry.RegistryName;
import dev.polyptych.schema.registry.ScaledAdapter;
import dev.polyptych.schema.registry.TaskVersion;
import dev.polyptych.store.registry.RegistryView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The adapters of a tenant's jobs: the registered ones, by digest, and those of the catalog's tasks
 * that nobody registered, by name.
 *
 * @param registered the registered tasks, by id
 */
record RegisteredAdapters(
    RegistryView view, String tenant, Catalog catalog, Map<String, TaskVersion> registered)
    implements AdapterLookup {
  @Override
  public Validated<List<PinnedAdapter>> of(Task task) {
    List<PinnedAdapter> pinned = new ArrayList<>();
    List<FieldProblem> problems = new ArrayList<>();
    Optional<TaskVersion> version = Optional.ofNullable(registered.get(task.id()));
    List<ScaledAdapter> uses = version.map(TaskVersion::uses).orElseGet(() -> own(task));
    if (uses.isEmpty() && version.isEmpty()) {
      // No name of the registry's kind, so nobody can have registered it.
      return AdapterLookup.of(catalog).of(task);
    }
    Optional<String> owner = version.flatMap(TaskVersion::owner);
    for (ScaledAdapter use : uses) {
      switch (pinned(owner, use, "task")) {
        case Validated.Valid<PinnedAdapter>(PinnedAdapter adapter) -> pinned.add(adapter);
        case Validated.Invalid<PinnedAdapter>(var unknown) -> problems.addAll(unknown);
      }
    }
    return Validated.of(pinned, problems);
  }

  @Override
  public Validated<PinnedAdapter> find(ScaledAdapter wanted, String field) {
    return pinned(Optional.of(tenant), wanted, field);
  }

  private static List<ScaledAdapter> own(Task task) {
    return RegistryName.valid(task.adapter())
        ? List.of(
            new ScaledAdapter(
                AdapterReference.newest(task.adapter()), task.defaults().adapterScale()))
        : List.of();
  }

  private Validated<PinnedAdapter> pinned(
      Optional<String> seenBy, ScaledAdapter wanted, String field) {
    Optional<AdapterVersion> found = view.adapter(seenBy, wanted.reference(), catalog.model());
    if (found.isEmpty()) {
      return AdapterLookup.of(catalog).find(wanted, field)
              instanceof Validated.Valid<PinnedAdapter> named
          ? named
          : invalid(AdapterLookup.unknown(wanted, field, known()));
    }
    AdapterVersion version = found.get();
    return switch (version.state()) {
      case HELD ->
          new Validated.Valid<>(
              new PinnedAdapter(
                  version.name(),
                  Optional.of(version.number()),
                  Optional.of(version.sha256()),
                  wanted.scale()));
      case DECLARED ->
          invalid(
              new FieldProblem(
                  ErrorCode.UNKNOWN_ADAPTER,
                  field,
                  "adapter %s is declared, but its bytes are not here; PUT /v1/adapters/%s fetches or takes them"
                      .formatted(version.reference(), version.name())));
    };
  }

  private static Validated<PinnedAdapter> invalid(FieldProblem problem) {
    return new Validated.Invalid<>(List.of(problem));
  }

  private List<String> known() {
    return Stream.concat(
            view.adapters(Optional.of(tenant)).stream()
                .filter(adapter -> adapter.base().equals(catalog.model()))
                .map(AdapterVersion::name),
            catalog.tasks().stream().map(Task::adapter))
        .distinct()
        .toList();
  }
}
