package dev.polyptych.store;

import dev.polyptych.schema.job.RecordVersion;
import java.time.Duration;
import java.util.Optional;

/**
 * Who asks for a job, and on the strength of what.
 *
 * @param worker the id under which it will be rendered
 * @param needed for rendering it; zero when that is not known
 * @param tenant whose job it must be; empty for anybody's
 * @param edition of the record in hand; absent for the latest
 */
public record Claimant(
    String worker, Duration needed, Optional<String> tenant, Optional<RecordVersion> edition) {
  /** For the latest record of anybody's job, however long rendering takes. */
  public static Claimant of(String worker) {
    return new Claimant(worker, Duration.ZERO, Optional.empty(), Optional.empty());
  }
}
