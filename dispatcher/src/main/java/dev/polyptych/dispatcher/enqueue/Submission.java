package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.JobStatus;
import java.util.List;

/** How an attempt to enqueue a job ended. */
public sealed interface Submission {
  /** The broker has the job; a worker may have begun it. */
  record Taken(JobStatus status) implements Submission {}

  /**
   * An earlier submission under the same idempotency key was taken; the status is the current one.
   */
  record Replayed(JobStatus status) implements Submission {}

  /** A job with this id exists; it may be in the middle of being enqueued. */
  record IdTaken(String id) implements Submission {}

  /** The job would exceed a limit; nothing was enqueued. */
  record Limited(LimitHit limit) implements Submission {}

  /** The request refers to missing references, or its text is too long; nothing was enqueued. */
  record Unfit(List<FieldProblem> problems) implements Submission {}

  /**
   * @param detail says whether the job may still be rendered
   */
  record Refused(ErrorCode code, String detail) implements Submission {
    /** The problem document. For a reused idempotency key it names the header. */
    public Problem problem() {
      return code == ErrorCode.IDEMPOTENCY_KEY_REUSED
          ? Problem.of(List.of(new FieldProblem(code, "Idempotency-Key", detail)))
          : Problem.of(code, detail);
    }
  }
}
