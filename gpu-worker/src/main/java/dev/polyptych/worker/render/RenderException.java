package dev.polyptych.worker.render;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;

/** A render failed for a known reason. The code's kind decides whether it is tried again. */
public final class RenderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public RenderException(ErrorCode code, String detail, Throwable cause) {
    super(detail, cause);
    this.code = code;
  }

  public JobError error() {
    return new JobError(code, getMessage());
  }
}
