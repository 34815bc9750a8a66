package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.JobStatus;
import java.util.List;

/** How an attempt to enqueue a job ended. */
public sealed interface Submission {
  /** The broker has the job, or a worker even has begun it. */
  record Taken(JobStatus status) implements Submission {}

  /** An earlier submission under the same idempotency key was taken; the status is as of now. */
  record Replayed(JobStatus status) implements Submission {}

  /** There is a job of this id, perhaps one that is just being enqueued. */
  record IdTaken(String id) implements Submission {}

  /** The job would go beyond a limit; nothing was enqueued. */
  record Limited(LimitHit limit) implements Submission {}

  /** The request refers to what is not there; nothing was enqueued. */
  record Unfit(List<FieldProblem> problems) implements Submission {}

  /**
   * @param detail says whether the job may still be rendered
   */
  record Refused(ErrorCode code, String detail) implements Submission {
    /** The problem document; one for a reused key names the header. */
    public Problem problem() {
      return code == ErrorCode.IDEMPOTENCY_KEY_REUSED
          ? Problem.of(List.of(new FieldProblem(code, "Idempotency-Key", detail)))
          : Problem.of(code, detail);
    }
  }
}
