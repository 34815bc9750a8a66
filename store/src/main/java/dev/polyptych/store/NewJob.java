package dev.polyptych.store;

import dev.polyptych.schema.job.Forecast;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.Accepted;
import dev.polyptych.schema.topic.RenderRecord;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A job before its record is written.
 *
 * @param tenant owner of the job
 * @param batch id of the batch that the job was submitted with
 * @param key the caller's idempotency key
 * @param forecast shown to callers, and later compared with the actual times
 */
public record NewJob(
    RenderJob job,
    String tenant,
    Optional<String> batch,
    Optional<IdempotencyKey> key,
    Forecast forecast) {
  /** A job without a batch and without a forecast. */
  public static NewJob of(RenderJob job, String tenant) {
    return new NewJob(job, tenant, Optional.empty(), Optional.empty(), Forecast.UNKNOWN);
  }

  /** A job as a record of it on Kafka tells. */
  public static NewJob of(RenderJob job, RenderRecord record) {
    Accepted accepted = record.accepted().orElse(Accepted.UNKNOWN);
    return new NewJob(
        job,
        record.tenant(),
        accepted.batch(),
        accepted
            .idempotencyKey()
            .flatMap(
                key ->
                    accepted
                        .requestDigest()
                        .map(digest -> new IdempotencyKey(record.tenant(), key, digest))),
        new Forecast(Optional.empty(), accepted.gpuSeconds(), Optional.empty()));
  }

  /** Its record on Kafka. */
  public RenderRecord record() {
    return new RenderRecord(
        tenant,
        job,
        new Accepted(
            batch,
            key.map(IdempotencyKey::key),
            key.map(IdempotencyKey::digest),
            forecast.gpuSeconds()));
  }

  /**
   * The status of the job after it is queued, computed without reading its record.
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
