package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;

/** How many jobs are in each state. */
public record JobCounts(
    int accepted, int queued, int rendering, int done, int failed, int cancelled, int expired) {

  /** A state that is not in the map has no job. */
  public static JobCounts of(Map<JobState, Integer> jobs) {
    return new JobCounts(
        jobs.getOrDefault(JobState.ACCEPTED, 0),
        jobs.getOrDefault(JobState.QUEUED, 0),
        jobs.getOrDefault(JobState.RENDERING, 0),
        jobs.getOrDefault(JobState.DONE, 0),
        jobs.getOrDefault(JobState.FAILED, 0),
        jobs.getOrDefault(JobState.CANCELLED, 0),
        jobs.getOrDefault(JobState.EXPIRED, 0));
  }

  /** Jobs that have not settled. */
  @JsonIgnore
  public int open() {
    return accepted + queued + rendering;
  }

  @JsonIgnore
  public int settled() {
    return done + failed + cancelled + expired;
  }
}
