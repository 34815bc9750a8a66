package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * Some jobs, newest first.
 *
 * @param cursor where to continue; empty if there are no older jobs
 */
public record JobPage(
    @JsonProperty("v") int version, List<JobStatus> jobs, Optional<String> cursor) {
  public JobPage {
    jobs = List.copyOf(jobs);
  }
}
