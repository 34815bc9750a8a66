package dev.polyptych.worker.intake;

import dev.polyptych.schema.fleet.Needs;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.topic.RenderRecord;

/**
 * A job that this worker can't draw now, and that another worker may.
 *
 * @param reason why this worker can't draw it
 */
public record Stray(Delivery delivery, JobError reason) {
  public String id() {
    return delivery.id();
  }

  public RenderRecord record() {
    return delivery.record();
  }

  public Needs needs() {
    return delivery.neededFrom();
  }

  public RecordPosition position() {
    return delivery.position();
  }

  public JobHeaders headers() {
    return delivery.headers();
  }
}
