package dev.polyptych.worker.intake;

import dev.polyptych.policy.schedule.WaitingJob;
import dev.polyptych.schema.fleet.Needs;
import dev.polyptych.schema.job.Deadline;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import java.time.Instant;
import java.util.Optional;

/**
 * A job as the broker delivered it. The same job may be delivered more than once; the job store
 * says whether it still needs rendering.
 *
 * @param record as it came, to be produced again
 * @param job as the record pins it
 * @param headers number of this try and trace
 * @param arrivedAt when the record was produced
 */
public record Delivery(
    RenderRecord record,
    RenderJob job,
    RecordPosition position,
    JobHeaders headers,
    Instant arrivedAt)
    implements WaitingJob {

  public String id() {
    return job.id();
  }

  /** What it needs of the worker that draws it. */
  public Needs neededFrom() {
    return new Needs(
        Optional.of(job.pins().base()), job.task(), job.adapter(), job.pins().reference());
  }

  @Override
  public Optional<Needs> needs() {
    return Optional.of(neededFrom());
  }

  /** Whether this try must not begin yet. */
  public boolean heldBackAt(Instant now) {
    return headers.notBefore().filter(now::isBefore).isPresent();
  }

  @Override
  public String adapter() {
    return job.adapter();
  }

  /** Of the topic it came from. The lane in the request does not count. */
  @Override
  public Lane lane() {
    return laneOf(position.partition().topic());
  }

  /**
   * @throws IllegalArgumentException when the topic is no lane
   */
  static Lane laneOf(String topic) {
    return Topics.laneOf(topic)
        .orElseThrow(() -> new IllegalArgumentException(topic + " is no lane"));
  }

  /** As the record says. The claim checks that the job is that tenant's. */
  @Override
  public String tenant() {
    return record.tenant();
  }

  /** Only the first try must begin in time. */
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
