package dev.polyptych.worker.intake;

import dev.polyptych.schema.fleet.Needs;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.topic.RenderRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * A job that this worker can't draw, and that another worker may.
 *
 * @param record as it came, to be produced again
 * @param arrivedAt when the record was produced
 * @param reason why this worker can't draw it
 * @param delivery the job, if this worker could draw it later; empty if it can't even resolve it
 */
public record Stray(
    RenderRecord record,
    Needs needs,
    RecordPosition position,
    JobHeaders headers,
    Instant arrivedAt,
    JobError reason,
    Optional<Delivery> delivery) {
  /** A job whose adapter can't be read here now. */
  static Stray of(Delivery delivery, JobError reason) {
    return new Stray(
        delivery.record(),
        delivery.neededFrom(),
        delivery.position(),
        delivery.headers(),
        delivery.arrivedAt(),
        reason,
        Optional.of(delivery));
  }

  public String id() {
    return record.id();
  }
}
