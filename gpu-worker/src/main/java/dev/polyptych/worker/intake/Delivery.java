package dev.polyptych.worker.intake;

import dev.polyptych.policy.schedule.WaitingJob;
import dev.polyptych.schema.job.Deadline;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.RenderRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * A job as the broker delivered it. The same job may be delivered more than once; the job store
 * says whether it still needs rendering.
 *
 * @param record as it came, to be produced again
 * @param job the record resolved against the catalog
 * @param headers number of this try and trace
 * @param arrivedAt when the record was produced
 */
public record Delivery(
    RenderRecord record, RenderJob job, RecordPosition place, JobHeaders headers, Instant arrivedAt)
    implements WaitingJob {

  public String id() {
    return job.id();
  }

  /** Whether it is not yet time for this try. */
  public boolean heldBackAt(Instant now) {
    return headers.notBefore().filter(now::isBefore).isPresent();
  }

  @Override
  public String adapter() {
    return job.adapter();
  }

  /** Of the topic it came from: a producer that says otherwise in the request does not matter. */
  @Override
  public Lane lane() {
    return LaneTopics.laneOf(place.partition().topic());
  }

  /** As the record says; the job store is asked whether the job is that tenant's. */
  @Override
  public String tenant() {
    return record.tenant();
  }

  /** A second try has begun before, so it need not begin in time again. */
  @Override
  public Optional<Instant> startBy() {
    return headers.attempt() > 1 ? Optional.empty() : job.deadline().flatMap(Deadline::startBy);
  }

  @Override
  public int hops() {
    return headers.hops();
  }

  @Override
  public Optional<Instant> finishBy() {
    return job.deadline().flatMap(Deadline::finishBy);
  }
}
