package dev.polyptych.store;

import dev.polyptych.schema.job.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What Redis holds of a job, read at one moment. It is enough to check that the job ended exactly
 * once.
 *
 * @param state empty when there is no record
 * @param tombstone state in the job's tombstone
 * @param ends terminal states in its event stream, oldest first
 * @param images how many of its images (sheet and panels) exist
 * @param imagesDue how many images the job has when it is done
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
