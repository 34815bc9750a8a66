package dev.polyptych.schema.store;

import dev.polyptych.schema.job.JobState;
import java.util.Optional;

/** What a worker is told when it asks for a job. */
public sealed interface Claim {
  /**
   * The job is this worker's.
   *
   * @param attempt its fence: every later change names it and is refused once a newer attempt holds
   * @param checkpoint state of the attempt before, to go on from; see {@link Checkpoint}
   */
  record Granted(int attempt, Optional<byte[]> checkpoint) implements Claim {}

  /**
   * Nothing is left to do: the job is in a terminal state, perhaps just put there by this claim.
   */
  record Settled(JobState state) implements Claim {}

  /** The store has never heard of the job, or has forgotten it. */
  record Unknown() implements Claim {}
}
