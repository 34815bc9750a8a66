package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.job.JobStatus;
import java.util.List;

/** How an attempt to enqueue a job ended. */
public sealed interface Submission {
  /** The broker has the job, or a worker even has begun it. */
  record Taken(JobStatus status) implements Submission {}

  /** The request refers to what is not there; nothing was enqueued. */
  record Unfit(List<FieldProblem> problems) implements Submission {}

  /**
   * @param detail says whether the job may be rendered all the same
   */
  record Refused(ErrorCode code, String detail) implements Submission {}
}
