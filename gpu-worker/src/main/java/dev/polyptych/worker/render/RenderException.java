package dev.polyptych.worker.render;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import java.util.regex.Pattern;

/** A render failed for a known reason. */
public final class RenderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The folders of an absolute path. Tenants see the name of a file only. */
  private static final Pattern FOLDERS = Pattern.compile("(?<![\\w.:/])/(?:[^\\s/'\",;:]+/)+");

  private final ErrorCode code;
  private final boolean lasting;

  /** The code's kind decides whether the job is tried again. */
  public RenderException(ErrorCode code, String detail, Throwable cause) {
    this(code, detail, cause, !code.kind().retryable());
  }

  private RenderException(ErrorCode code, String detail, Throwable cause, boolean lasting) {
    super(detail, cause);
    this.code = code;
    this.lasting = lasting;
  }

  /** Another attempt would fail in the same way, so there is none. */
  public static RenderException lasting(ErrorCode code, String detail, Throwable cause) {
    return new RenderException(code, detail, cause, true);
  }

  /** Whether another attempt would fail in the same way. */
  public boolean lasting() {
    return lasting;
  }

  /** As the tenant sees it, without the folders of this machine. */
  public JobError error() {
    return new JobError(code, FOLDERS.matcher(getMessage()).replaceAll(""));
  }
}
