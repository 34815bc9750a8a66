package dev.polyptych.schema.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.polyptych.schema.catalog.Task;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One immutable version of a task. Its id is the task's.
 *
 * @param number from 1, running for each id and owner
 * @param base id of the base that draws it
 * @param owner the tenant whose it is; empty for all tenants
 * @param adapters in order, at most four; if absent, the task's one adapter at its default scale
 */
public record TaskVersion(
    @JsonProperty("v") int version,
    int number,
    String base,
    Task task,
    Optional<String> owner,
    Instant createdAt,
    Optional<List<ScaledAdapter>> adapters) {
  public static final int VERSION = 1;

  /**
   * @throws IllegalArgumentException naming the wrong field
   */
  public TaskVersion {
    RegistryName.checkVersion(version);
    RegistryName.checkedNumber(number);
    owner = owner == null ? Optional.empty() : owner;
    adapters = new TaskDraft(base, task, adapters == null ? Optional.empty() : adapters).adapters();
  }

  @JsonIgnore
  public String id() {
    return task.id();
  }

  /** What it was made from. */
  @JsonIgnore
  public TaskDraft draft() {
    return new TaskDraft(base, task, adapters);
  }

  /** The adapters that it draws with. */
  @JsonIgnore
  public List<ScaledAdapter> uses() {
    return adapters.orElseGet(
        () ->
            List.of(
                new ScaledAdapter(
                    AdapterReference.newest(task.adapter()), task.defaults().adapterScale())));
  }
}
