package dev.polyptych.store;

import dev.polyptych.schema.job.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What Redis holds of a job, seen at one time: enough to tell whether it came to one end.
 *
 * @param state empty when there is no record
 * @param tombstone the outcome on its tombstone
 * @param ends terminal states in its event stream, oldest first
 * @param images how many of its sheet and panels are there
 * @param imagesDue how many a done job has
 */
public record StoredJob(
    String id,
    Optional<JobState> state,
    int attempt,
    Optional<Instant> acceptedAt,
    Optional<Instant> finishedAt,
    Optional<JobState> tombstone,
    List<JobState> ends,
    int images,
    int imagesDue) {

  public StoredJob {
    ends = List.copyOf(ends);
  }
}
