package dev.polyptych.store;

import dev.polyptych.schema.job.JobState;
import java.time.Duration;
import java.util.Optional;

/** What a worker is told when it asks for a job. */
public sealed interface Claim {
  /**
   * The job is this worker's.
   *
   * @param attempt its fence: every later change names it and is refused once a newer attempt holds
   * @param checkpoint state of the attempt before, to go on from; see {@link Checkpoint}
   * @param told what was foretold of the job, held against its start
   */
  record Granted(int attempt, Optional<byte[]> checkpoint, Told told) implements Claim {
    /** Of a job of which nothing was foretold. */
    public Granted(int attempt, Optional<byte[]> checkpoint) {
      this(attempt, checkpoint, Told.NOTHING);
    }
  }

  /**
   * What was foretold when the job was accepted.
   *
   * @param late how long after the foretold time this first start is, before it where negative;
   *     absent where no time was foretold, and for later starts
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

  /** The store has never heard of the job, or has forgotten it. */
  record Unknown() implements Claim {}
}
