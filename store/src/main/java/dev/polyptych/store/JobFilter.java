package dev.polyptych.store;

import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.Lane;
import java.util.List;
import java.util.Optional;

/** Which jobs to list; an empty part lets all pass. */
public record JobFilter(Optional<JobState> state, Optional<String> task, Optional<Lane> lane) {
  /** What {@link #passes} wants of a job's hash. */
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
