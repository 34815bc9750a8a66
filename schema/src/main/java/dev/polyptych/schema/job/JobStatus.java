package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A job as its caller sees it: the job record without the request's texts.
 *
 * @param attempt number of the attempt that holds, or held last; 0 before the first
 * @param nextAttemptAt when a failed job is tried again, at the earliest; absent once it is
 * @param lastError why the attempt before failed, while the job is not settled
 * @param step denoising steps completed in that attempt
 * @param panels how many panels the set has
 * @param rerollOf the job of which a panel is drawn anew
 * @param worker who renders or rendered it
 * @param batch with which it was submitted
 * @param estimate as of acceptance, or as of now where it says so
 * @param place its record's, while it is the first one; absent for a job that is tried again
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JobStatus(
    @JsonProperty("v") int version,
    String id,
    String task,
    String adapter,
    String tenant,
    Lane lane,
    JobState state,
    @JsonInclude int attempt,
    Optional<Instant> nextAttemptAt,
    Optional<JobError> lastError,
    Optional<String> worker,
    @JsonInclude int step,
    int steps,
    int panels,
    ImageFormat format,
    long seed,
    Times times,
    Optional<JobError> error,
    Map<String, String> metadata,
    Optional<String> batch,
    Optional<String> rerollOf,
    Optional<JobEstimate> estimate,
    @JsonIgnore Optional<QueuePlace> place) {

  public JobStatus {
    // Not written as JSON, so not there when read from it.
    place = place == null ? Optional.empty() : place;
  }

  /** The same job with what is likely to become of it now. */
  public JobStatus withEstimate(Optional<JobEstimate> newer) {
    return new JobStatus(
        version,
        id,
        task,
        adapter,
        tenant,
        lane,
        state,
        attempt,
        nextAttemptAt,
        lastError,
        worker,
        step,
        steps,
        panels,
        format,
        seed,
        times,
        error,
        metadata,
        batch,
        rerollOf,
        newer,
        place);
  }

  /** When the job entered its states; absent where it has not. */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Times(
      Instant accepted,
      Optional<Instant> queued,
      Optional<Instant> started,
      Optional<Instant> finished,
      Optional<Deadline> deadline) {}
}
