package dev.polyptych.schema.job;

import static dev.polyptych.schema.job.JobState.Trigger.ABANDON;
import static dev.polyptych.schema.job.JobState.Trigger.ACCEPT;
import static dev.polyptych.schema.job.JobState.Trigger.ADOPT;
import static dev.polyptych.schema.job.JobState.Trigger.CANCEL;
import static dev.polyptych.schema.job.JobState.Trigger.CLAIM;
import static dev.polyptych.schema.job.JobState.Trigger.FAIL;
import static dev.polyptych.schema.job.JobState.Trigger.FINISH;
import static dev.polyptych.schema.job.JobState.Trigger.PROGRESS;
import static dev.polyptych.schema.job.JobState.Trigger.QUEUE;
import static dev.polyptych.schema.job.JobState.Trigger.REJECT;
import static dev.polyptych.schema.job.JobState.Trigger.RELEASE;
import static dev.polyptych.schema.job.JobState.Trigger.REPLACE;
import static dev.polyptych.schema.job.JobState.Trigger.RETRY;
import static dev.polyptych.schema.job.JobState.Trigger.SWEEP;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The state of a job. {@link #transitions} lists every legal change. The scripts of the job store
 * make no other change, and a test checks this. Terminal states never change.
 */
public enum JobState {
  /** The record exists, the broker has not acknowledged it yet. */
  @JsonProperty("accepted")
  ACCEPTED,
  @JsonProperty("queued")
  QUEUED,
  @JsonProperty("rendering")
  RENDERING,
  @JsonProperty("done")
  DONE,
  @JsonProperty("failed")
  FAILED,
  @JsonProperty("cancelled")
  CANCELLED,
  @JsonProperty("expired")
  EXPIRED;

  /** Who changes a job. */
  public enum Actor {
    CALLER,
    DISPATCHER,
    WORKER
  }

  /** What changes a job. */
  public enum Trigger {
    /** The record is written before the job is produced. */
    ACCEPT(Actor.DISPATCHER),
    /** The record of a job is written that a backend produced itself, or that Redis has lost. */
    ADOPT(Actor.WORKER),
    /** The broker has acknowledged the job. */
    QUEUE(Actor.DISPATCHER),
    /** A worker takes the job, or finds that its time or its attempts are over. */
    CLAIM(Actor.WORKER),
    /** A worker reports a step, or learns that the deadline has passed. */
    PROGRESS(Actor.WORKER),
    /** A worker hands the job back in good order. */
    RELEASE(Actor.WORKER),
    /** The attempt failed; another one is due. */
    RETRY(Actor.WORKER),
    /** The images are there, or come after the deadline. */
    FINISH(Actor.WORKER),
    /** The attempt failed, and no other follows. */
    FAIL(Actor.WORKER),
    /** The job's record goes to the dead topic: no worker can render it. */
    REJECT(Actor.WORKER),
    /** The broker did not acknowledge the job. */
    ABANDON(Actor.DISPATCHER),
    CANCEL(Actor.CALLER),
    /** A sweep finds that a deadline has passed. */
    SWEEP(Actor.DISPATCHER),
    /** A store lost the job's record or state, so it gets a new record, or ends. */
    REPLACE(Actor.DISPATCHER);

    private final Actor by;

    Trigger(Actor by) {
      this.by = by;
    }

    public Actor by() {
      return by;
    }
  }

  /**
   * A change that may happen.
   *
   * @param from empty where there is no record
   */
  public record Transition(Optional<JobState> from, Trigger trigger, JobState to) {}

  /** Every legal change. */
  public static List<Transition> transitions() {
    return List.of(
        created(ACCEPT, ACCEPTED),
        created(ADOPT, QUEUED),
        changed(ACCEPTED, QUEUE, QUEUED),
        // A worker may be faster than the acknowledgement.
        changed(ACCEPTED, CLAIM, RENDERING),
        changed(QUEUED, CLAIM, RENDERING),
        // Another attempt, of the same worker or of another one.
        changed(RENDERING, CLAIM, RENDERING),
        changed(RENDERING, RELEASE, QUEUED),
        changed(RENDERING, RETRY, QUEUED),
        changed(RENDERING, FINISH, DONE),
        changed(RENDERING, FAIL, FAILED),
        changed(ACCEPTED, ABANDON, FAILED),
        changed(ACCEPTED, REJECT, FAILED),
        changed(QUEUED, REJECT, FAILED),
        changed(RENDERING, REJECT, FAILED),
        // The attempts are used up.
        changed(QUEUED, CLAIM, FAILED),
        changed(RENDERING, CLAIM, FAILED),
        changed(ACCEPTED, CANCEL, CANCELLED),
        changed(QUEUED, CANCEL, CANCELLED),
        changed(RENDERING, CANCEL, CANCELLED),
        // A deadline has passed.
        changed(ACCEPTED, CLAIM, EXPIRED),
        changed(QUEUED, CLAIM, EXPIRED),
        changed(RENDERING, CLAIM, EXPIRED),
        changed(RENDERING, PROGRESS, EXPIRED),
        changed(RENDERING, FINISH, EXPIRED),
        changed(ACCEPTED, SWEEP, EXPIRED),
        changed(QUEUED, SWEEP, EXPIRED),
        changed(RENDERING, SWEEP, EXPIRED),
        changed(RENDERING, REPLACE, QUEUED),
        changed(QUEUED, REPLACE, FAILED),
        changed(RENDERING, REPLACE, FAILED));
  }

  private static Transition created(Trigger trigger, JobState to) {
    return new Transition(Optional.empty(), trigger, to);
  }

  private static Transition changed(JobState from, Trigger trigger, JobState to) {
    return new Transition(Optional.of(from), trigger, to);
  }

  public boolean terminal() {
    return switch (this) {
      case ACCEPTED, QUEUED, RENDERING -> false;
      case DONE, FAILED, CANCELLED, EXPIRED -> true;
    };
  }

  /** As written in messages and in the job store. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static JobState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
