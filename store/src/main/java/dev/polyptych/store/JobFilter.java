package dev.polyptych.store;

import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.Lane;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs to list. An empty component accepts every job.
 *
 * @param metadata entries that a job must have, all of them
 * @param createdAfter by the time in a job's id
 */
public record JobFilter(
    Set<JobState> states,
    Optional<String> task,
    Optional<Lane> lane,
    Optional<String> batch,
    Map<String, String> metadata,
    Optional<Instant> createdAfter) {

  public JobFilter {
    states = Set.copyOf(states);
    metadata = Map.copyOf(metadata);
  }

  /** The fields of a job's hash that {@link #passes} reads. The first one is in every hash. */
  String[] fields() {
    List<String> fields = new ArrayList<>(List.of("state", "tenant", "task", "lane"));
    if (!metadata.isEmpty()) {
      fields.add("metadata");
    }
    return fields.toArray(String[]::new);
  }

  /**
   * Whether the job is the tenant's and passes. The index selects by batch and time.
   *
   * @param values of {@link #fields}
   */
  boolean passes(String tenant, List<String> values) {
    return tenant.equals(values.get(1))
        && (states.isEmpty() || states.contains(JobState.of(values.get(0))))
        && passes(task, values.get(2))
        && passes(lane.map(Lane::text), values.get(3))
        && (metadata.isEmpty()
            || JobHash.metadata(values.get(4)).entrySet().containsAll(metadata.entrySet()));
  }

  private static boolean passes(Optional<String> wanted, String value) {
    return wanted.isEmpty() || wanted.get().equals(value);
  }
}
