package dev.polyptych.store;

import dev.polyptych.schema.job.Forecast;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.RenderJob;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A job that gets its record.
 *
 * @param tenant whose job it is
 * @param batch with which it was submitted
 * @param forecast shown to callers, and compared with what happens
 */
public record NewJob(RenderJob job, String tenant, Optional<String> batch, Forecast forecast) {
  /** A job by itself, without a forecast. */
  public static NewJob of(RenderJob job, String tenant) {
    return new NewJob(job, tenant, Optional.empty(), Forecast.UNKNOWN);
  }

  /**
   * The status that its record shows once it is queued, without reading it.
   *
   * @param accepted when it was accepted
   */
  public JobStatus queued(Instant accepted) {
    Map<String, String> record = JobHash.of(this);
    record.put("state", JobState.QUEUED.text());
    record.put("attempt", "0");
    record.put("step", "0");
    record.put("acceptedAt", Long.toString(accepted.toEpochMilli()));
    return JobHash.status(job.id(), record);
  }
}
