package dev.polyptych.store;

import dev.polyptych.schema.job.JobState;
import java.time.Duration;
import java.util.Optional;

/** The answer to a worker that asks for a job. */
public sealed interface Claim {
  /**
   * The job is this worker's.
   *
   * @param attempt its fence: every later change names it and is refused once a newer attempt holds
   * @param checkpoint state of the attempt before, to go on from; see {@link Checkpoint}
   * @param told the forecast of the job, compared with its start
   */
  record Granted(int attempt, Optional<byte[]> checkpoint, Told told) implements Claim {
    /** Of a job without a forecast. */
    public Granted(int attempt, Optional<byte[]> checkpoint) {
      this(attempt, checkpoint, Told.NOTHING);
    }
  }

  /**
   * The forecast made when the job was accepted.
   *
   * @param late actual minus predicted start, negative if early; empty without a prediction, and
   *     for retries
   * @param gpuSeconds as estimated
   */
  record Told(Optional<Duration> late, Optional<Double> gpuSeconds) {
    public static final Told NOTHING = new Told(Optional.empty(), Optional.empty());
  }

  /**
   * Nothing is left to do: the job is in a terminal state, perhaps just put there by this claim.
   */
  record Settled(JobState state) implements Claim {}

  /** A later record of the job counts, so nothing is left to do for this one. */
  record Outdated() implements Claim {}

  /** The store has no record of the job. */
  record Unknown() implements Claim {}
}
