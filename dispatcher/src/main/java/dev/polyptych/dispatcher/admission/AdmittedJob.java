package dev.polyptych.dispatcher.admission;

import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.RenderJob;

/**
 * A submission that passed.
 *
 * @param request with its seed settled; what goes to the worker, which resolves it again
 */
public record AdmittedJob(RenderJob job, JobRequest request) {

  /** The same submission under another id. */
  public AdmittedJob withId(String id) {
    return new AdmittedJob(job.withId(id), request);
  }
}
