package dev.polyptych.dispatcher.registry;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobResolver;
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

  private final Offer builtIn;
  private final Optional<Registry> registry;
  private final Map<String, Offer> byTenant = new ConcurrentHashMap<>();

  /**
   * @param builtIn the catalog that the dispatcher was started with
   * @param registry empty without an object store
   */
  public Offers(Catalog builtIn, Optional<Registry> registry) {
    this.builtIn = Offer.of(builtIn);
    this.registry = registry;
  }

  /** The catalog that the dispatcher was started with. */
  public Catalog builtIn() {
    return builtIn.catalog();
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
    Map<String, Task> tasks = new LinkedHashMap<>();
    builtIn().tasks().forEach(task -> tasks.put(task.id(), task));
    Map<String, TaskVersion> registered = new HashMap<>();
    for (TaskVersion version : view.tasks(Optional.of(tenant))) {
      if (version.base().equals(builtIn().model())) {
        Task task = routed(version.task());
        List<Task> others = new ArrayList<>(tasks.values());
        others.removeIf(other -> other.id().equals(task.id()));
        others.add(task);
        if (fits(others)) {
          tasks.put(task.id(), task);
          registered.put(task.id(), version);
        }
      }
    }
    Catalog catalog = builtIn().withTasks(List.copyOf(tasks.values()));
    return Offer.of(
        view.edition(),
        catalog,
        registered,
        new RegisteredAdapters(view, tenant, catalog, registered));
  }

  /** A task with the routing of those that share its adapter: jobs are routed by adapter. */
  private Task routed(Task task) {
    Optional<Task.Routing> routing =
        builtIn().tasks().stream()
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

  /** Whether the model draws them. The registry may know it by another declaration. */
  private boolean fits(List<Task> tasks) {
    try {
      builtIn().withTasks(tasks);
      return true;
    } catch (IllegalArgumentException unfit) {
      LOG.warn("a registered task is left out: {}", unfit.getMessage());
      return false;
    }
  }
}
