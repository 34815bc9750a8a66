package dev.polyptych.dispatcher.registry;

import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.OfferedTask;
import dev.polyptych.schema.registry.TaskVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tenant's jobs may name at one edition of the registry.
 *
 * @param edition of the registry
 * @param tasks of all bases
 * @param registered the registered tasks among them, by id
 */
public record Offer(
    String edition,
    List<OfferedTask> tasks,
    Map<String, TaskVersion> registered,
    JobResolver resolver) {
  Offer(String edition, List<OfferedTask> tasks, Map<String, TaskVersion> registered) {
    this(edition, List.copyOf(tasks), Map.copyOf(registered), new JobResolver(tasks));
  }

  public Optional<OfferedTask> task(String id) {
    return tasks.stream().filter(offered -> offered.task().id().equals(id)).findFirst();
  }

  public List<String> taskIds() {
    return tasks.stream().map(OfferedTask::task).map(Task::id).toList();
  }
}
