package dev.polyptych.policy.schedule;

import dev.polyptych.schema.fleet.Needs;
import dev.polyptych.schema.job.Lane;
import java.time.Instant;
import java.util.Optional;

/** A waiting job as the schedule sees it. */
public interface WaitingJob {
  /** The adapter that the job is rendered with. */
  String adapter();

  Lane lane();

  /** The owner of the job. */
  String tenant();

  /** When the job entered the queue, not when it came to this worker. */
  Instant arrivedAt();

  /** When it must have begun; empty once it has. */
  Optional<Instant> startBy();

  /** When it must be finished. */
  default Optional<Instant> finishBy() {
    return Optional.empty();
  }

  /** How often it was handed over. At most {@link Handover#MOST_HOPS}. */
  default int hops() {
    return 0;
  }

  /** What it needs of a worker; empty if every worker can draw it. */
  default Optional<Needs> needs() {
    return Optional.empty();
  }
}
