package dev.polyptych.store;

import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.Lane;
import java.util.List;
import java.util.Optional;

/** Which jobs to list. An empty component accepts every job. */
public record JobFilter(Optional<JobState> state, Optional<String> task, Optional<Lane> lane) {
  /** The fields of a job's hash that {@link #passes} reads. */
  static final String[] FIELDS = {"state", "task", "lane"};

  /**
   * @param values of {@link #FIELDS}
   */
  boolean passes(List<String> values) {
    return passes(state.map(JobState::text), values.get(0))
        && passes(task, values.get(1))
        && passes(lane.map(Lane::text), values.get(2));
  }

  private static boolean passes(Optional<String> wanted, String value) {
    return wanted.isEmpty() || wanted.get().equals(value);
  }
}
