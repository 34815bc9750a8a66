package dev.polyptych.policy.schedule;

import dev.polyptych.schema.job.Lane;
import java.time.Instant;
import java.util.Optional;

/** What the schedule looks at; whoever keeps the jobs lets them answer these questions. */
public interface WaitingJob {
  /** The adapter that the job is rendered with. */
  String adapter();

  Lane lane();

  /** Whose job it is. */
  String tenant();

  /** When the job entered the queue, not when it came here. */
  Instant arrivedAt();

  /** When it must have begun; empty once it has. */
  Optional<Instant> startBy();

  /** When it must be finished. */
  default Optional<Instant> finishBy() {
    return Optional.empty();
  }

  /** How often it was handed over; at most {@link Handover#MOST_HOPS}. */
  default int hops() {
    return 0;
  }

  /** Equal for jobs that may be rendered together; empty for one that is rendered by itself. */
  default Optional<String> shape() {
    return Optional.empty();
  }
}
