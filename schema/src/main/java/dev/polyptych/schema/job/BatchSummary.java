package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far a batch is.
 *
 * @param jobs how many there are; refused lines are none
 * @param settled whether no job is open; a line that is still to come may change that
 * @param created when the first line came
 * @param finished when the last job settled; empty while one is open
 * @param failures the first jobs that failed or expired, oldest first
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record BatchSummary(
    @JsonProperty("v") int version,
    String batch,
    int jobs,
    JobCounts counts,
    boolean settled,
    Instant created,
    Optional<Instant> finished,
    List<BatchFailure> failures,
    BatchLinks links) {
  /** The most failures that a summary lists. */
  public static final int MOST_FAILURES = 10;

  public BatchSummary {
    failures = List.copyOf(failures);
  }
}
