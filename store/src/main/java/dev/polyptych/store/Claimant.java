package dev.polyptych.store;

import dev.polyptych.schema.job.QueuePlace;
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
 * @param process differs after a restart of the worker under the same id
 * @param looked for the worker that held the job; empty at first
 * @param place of the record that the worker read
 */
public record Claimant(
    String worker,
    Duration needed,
    Optional<String> tenant,
    Optional<RecordVersion> edition,
    String process,
    Optional<Claim.Looked> looked,
    Optional<QueuePlace> place) {
  public Claimant(
      String worker, Duration needed, Optional<String> tenant, Optional<RecordVersion> edition) {
    this(worker, needed, tenant, edition, "", Optional.empty(), Optional.empty());
  }

  /** The same claim by one of the worker's processes. */
  public Claimant as(String other) {
    return new Claimant(worker, needed, tenant, edition, other, looked, place);
  }

  /** The same claim after a look for the worker that held the job. */
  public Claimant having(Claim.Looked seen) {
    return new Claimant(worker, needed, tenant, edition, process, Optional.of(seen), place);
  }

  /** The same claim with the place of the record. */
  public Claimant at(QueuePlace record) {
    return new Claimant(worker, needed, tenant, edition, process, looked, Optional.of(record));
  }

  /** A claim on the latest record of a job of any tenant, with an unknown rendering time. */
  public static Claimant of(String worker) {
    return new Claimant(worker, Duration.ZERO, Optional.empty(), Optional.empty());
  }
}
