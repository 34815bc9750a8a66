package dev.polyptych.dispatcher.placement;

import dev.polyptych.policy.routing.TaskRouting;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The catalog's routing settings for an adapter's jobs. */
final class RoutingOverrides implements Function<String, TaskRouting> {
  private static final Logger LOG = LoggerFactory.getLogger(RoutingOverrides.class);

  private final Catalog catalog;
  private final Map<String, TaskRouting> wishes = new HashMap<>();
  private volatile int checked;

  RoutingOverrides(Catalog catalog) {
    this.catalog = catalog;
    for (Task task : catalog.tasks()) {
      task.routing().ifPresent(routing -> wishes.put(task.adapter(), wish(routing)));
    }
  }

  @Override
  public TaskRouting apply(String adapter) {
    return wishes.getOrDefault(adapter, TaskRouting.AUTOMATIC);
  }

  /** The partition to which an adapter is pinned; empty if the lanes do not have it. */
  Optional<Integer> pin(String adapter, int partitions) {
    return apply(adapter).pin().filter(pin -> pin < partitions);
  }

  /**
   * Logs pins to partitions that the lanes do not have, once for each number of partitions. The
   * router ignores such a pin.
   */
  void check(int partitions) {
    if (partitions != checked) {
      checked = partitions;
      beyond(partitions).forEach(LOG::error);
    }
  }

  /** One sentence for each pin to a partition that the lanes do not have. */
  List<String> beyond(int partitions) {
    return catalog.tasks().stream().flatMap(task -> beyond(task, partitions).stream()).toList();
  }

  private static Optional<String> beyond(Task task, int partitions) {
    return task.routing()
        .flatMap(Task.Routing::pin)
        .filter(pin -> pin >= partitions)
        .map(
            pin ->
                ("catalog: %s.routing.pin: %d is beyond the lanes' %d partitions, so its jobs go"
                        + " where routing finds best; name one from 0 to %d")
                    .formatted(task.id(), pin, partitions, partitions - 1));
  }

  private static TaskRouting wish(Task.Routing routing) {
    return new TaskRouting(routing.pin(), routing.minimumWidth().orElse(1));
  }
}
