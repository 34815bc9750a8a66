package dev.polyptych.dispatcher.admission;

import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.RenderJob;
import java.util.Optional;

/**
 * A submission that passed.
 *
 * @param request with its seed settled; what goes to the worker, which resolves it again
 * @param batch with which it came
 */
public record AdmittedJob(RenderJob job, JobRequest request, Optional<String> batch) {
  /** A submission by itself. */
  public AdmittedJob(RenderJob job, JobRequest request) {
    this(job, request, Optional.empty());
  }

  /** The same submission under another id. */
  public AdmittedJob withId(String id) {
    return new AdmittedJob(job.withId(id), request, batch);
  }

  /** The same submission as one of a batch. */
  public AdmittedJob inBatch(String id) {
    return new AdmittedJob(job, request, Optional.of(id));
  }
}
