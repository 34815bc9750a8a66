package dev.polyptych.schema.job;

/**
 * Where more of a batch is, as paths of the service.
 *
 * @param jobs the list of its jobs
 */
public record BatchLinks(String self, String jobs, String events) {
  public static BatchLinks of(String batch) {
    String self = "/v1/batches/" + batch;
    return new BatchLinks(self, "/v1/jobs?batch=" + batch, self + "/events");
  }
}
