package dev.polyptych.dispatcher.registry;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.OfferedTask;
import dev.polyptych.schema.registry.TaskVersion;
import dev.polyptych.store.registry.Registry;
import dev.polyptych.store.registry.RegistryView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the jobs of each tenant may name now. With a registry every call asks Redis whether it has
 * changed, and blocks; without one none does. Safe for all threads.
 */
public final class Offers {
  private static final Logger LOG = LoggerFactory.getLogger(Offers.class);
  private static final int MOST_KEPT = 1_000;

  private final Bases bases;
  private final Offer builtIn;
  private final Optional<Registry> registry;
  private final Map<String, Offer> byTenant = new ConcurrentHashMap<>();

  /**
   * @param registry empty without an object store
   */
  public Offers(Bases bases, Optional<Registry> registry) {
    this.bases = bases;
    this.builtIn = new Offer("", OfferedTask.of(bases.own()), Map.of());
    this.registry = registry;
  }

  /** The bases whose tasks are offered. */
  public Bases bases() {
    return bases;
  }

  /**
   * What a tenant's jobs may name.
   *
   * @throws dev.polyptych.store.StoreUnavailableException when Redis does not answer
   */
  public Offer of(String tenant) {
    if (registry.isEmpty()) {
      return builtIn;
    }
    RegistryView view = registry.get().view();
    if (byTenant.size() > MOST_KEPT) {
      byTenant.clear();
    }
    return byTenant.compute(
        tenant,
        (id, known) ->
            known != null && known.edition().equals(view.edition()) ? known : made(view, id));
  }

  /** Resolves a tenant's requests. */
  public JobResolver resolver(String tenant) {
    return of(tenant).resolver();
  }

  private Offer made(RegistryView view, String tenant) {
    Map<String, Catalog> catalogs = new LinkedHashMap<>(bases.catalogs(view));
    Map<String, TaskVersion> registered = new HashMap<>();
    for (TaskVersion version : view.tasks(Optional.of(tenant))) {
      Catalog base = catalogs.get(version.base());
      if (base != null) {
        with(base, routed(version.task(), base))
            .ifPresent(
                more -> {
                  String id = version.task().id();
                  catalogs.replaceAll((other, catalog) -> without(catalog, id));
                  catalogs.put(version.base(), more);
                  registered.put(id, version);
                });
      }
    }
    List<OfferedTask> tasks = new ArrayList<>();
    for (Catalog catalog : catalogs.values()) {
      var adapters = new RegisteredAdapters(view, tenant, catalog, registered);
      catalog.tasks().forEach(task -> tasks.add(new OfferedTask(task, catalog, adapters)));
    }
    return new Offer(view.edition(), tasks, registered);
  }

  /** A task with the routing of those that share its adapter: jobs are routed by adapter. */
  private static Task routed(Task task, Catalog base) {
    Optional<Task.Routing> routing =
        base.tasks().stream()
            .filter(other -> other.adapter().equals(task.adapter()))
            .findFirst()
            .flatMap(Task::routing);
    return new Task(
        task.id(),
        task.title(),
        task.adapter(),
        task.layout(),
        task.template(),
        task.defaults(),
        task.example(),
        routing);
  }

  private static Catalog without(Catalog catalog, String task) {
    return catalog.task(task).isEmpty()
        ? catalog
        : catalog.withTasks(
            catalog.tasks().stream().filter(other -> !other.id().equals(task)).toList());
  }

  /**
   * A catalog with a task, which takes the place of one of the same id. Empty if the model does not
   * draw it: the registry may know the model by another declaration.
   */
  private static Optional<Catalog> with(Catalog catalog, Task task) {
    List<Task> tasks = new ArrayList<>(catalog.tasks());
    int place = catalog.taskIds().indexOf(task.id());
    if (place < 0) {
      tasks.add(task);
    } else {
      tasks.set(place, task);
    }
    try {
      return Optional.of(catalog.withTasks(tasks));
    } catch (IllegalArgumentException unfit) {
      LOG.warn("a registered task is left out: {}", unfit.getMessage());
      return Optional.empty();
    }
  }
}
