package dev.polyptych.store;

import dev.polyptych.schema.job.JobState;
import java.time.Duration;
import java.util.Optional;

/** The answer to a worker that asks for a job. */
public sealed interface Claim {
  /**
   * The worker now holds the job.
   *
   * @param attempt the fence: every later change names it, and the store refuses the change if a
   *     newer attempt holds the job
   * @param checkpoint state of the previous attempt, to resume from; see {@link Checkpoint}
   * @param told the forecast of the job, compared with its start
   */
  record Granted(int attempt, Optional<byte[]> checkpoint, Told told) implements Claim {
    /** For a job without a forecast. */
    public Granted(int attempt, Optional<byte[]> checkpoint) {
      this(attempt, checkpoint, Told.NOTHING);
    }
  }

  /**
   * The forecast made when the job was accepted.
   *
   * @param late actual minus predicted start, negative if early; empty without a prediction, and
   *     for retries
   * @param gpuSeconds estimated GPU-seconds of the job
   */
  record Told(Optional<Duration> late, Optional<Double> gpuSeconds) {
    public static final Told NOTHING = new Told(Optional.empty(), Optional.empty());
  }

  /**
   * Nothing is left to do: the job is in a terminal state. This claim itself may have settled it.
   */
  record Settled(JobState state) implements Claim {}

  /**
   * A second worker went silent with the job. The claim needs to know whether that worker lives;
   * see {@link Looked}.
   *
   * @param process of the worker as it named it; empty for a worker one version back
   */
  record Suspect(int attempt, String worker, String process) implements Claim {}

  /**
   * The answer to a {@link Suspect}.
   *
   * @param attempt whose worker was looked for
   */
  record Looked(int attempt, boolean lives) {}

  /** A later record of the job replaced this one, so nothing is left to do for this record. */
  record Outdated() implements Claim {}

  /** The store has no record of the job. */
  record Unknown() implements Claim {}
}
