package dev.polyptych.store;

import dev.polyptych.schema.job.RecordVersion;
import java.time.Duration;
import java.util.Optional;

/**
 * A worker that claims a job, and the conditions of its claim.
 *
 * @param worker id of the worker that will render the job
 * @param needed time to render the job; zero if unknown
 * @param tenant the tenant that must own the job; empty for any tenant
 * @param edition version of the record that the worker read; empty for the latest
 */
public record Claimant(
    String worker, Duration needed, Optional<String> tenant, Optional<RecordVersion> edition) {
  /** A claim on the latest record of a job of any tenant, with an unknown rendering time. */
  public static Claimant of(String worker) {
    return new Claimant(worker, Duration.ZERO, Optional.empty(), Optional.empty());
  }
}
