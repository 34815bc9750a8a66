package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * Why a job is where it is.
 *
 * @param reasons the one that matters most first; never empty
 * @param estimate as of now
 */
public record WhyReport(
    @JsonProperty("v") int version,
    String id,
    JobState state,
    List<Reason> reasons,
    Optional<JobEstimate> estimate) {
  public WhyReport {
    reasons = List.copyOf(reasons);
  }
}
