package dev.polyptych.dispatcher.sweep;

import dev.polyptych.dispatcher.enqueue.LaneRecords;
import dev.polyptych.dispatcher.enqueue.LaneRecords.LaneRecord;
import dev.polyptych.dispatcher.enqueue.LaneUnavailableException;
import dev.polyptych.dispatcher.metrics.SweepMetrics;
import dev.polyptych.policy.reconcile.LaneWindow;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.Adoption;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.StoreContinuity;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the states of jobs anew that Redis has lost. Whenever Redis may have lost writes, it reads
 * the lanes: all records that wait, and those of jobs that were submitted since the loss. A job
 * that is not in Redis is adopted, so it is known again at once. If its record is settled, the
 * {@link Reconciler} produces it again: its images were lost, too. One thread at a time; blocks.
 */
public final class LostStates {
  private static final Logger LOG = LoggerFactory.getLogger(LostStates.class);

  private final StoreContinuity continuity;
  private final Adoption adoption;
  private final JobStore store;
  private final Catalog catalog;
  private final JobResolver resolver;
  private final LaneView lanes;
  private final LaneRecords records;
  private final SweepMetrics metrics;
  private final Clock clock;

  public LostStates(
      StoreContinuity continuity,
      Adoption adoption,
      JobStore store,
      Catalog catalog,
      LaneView lanes,
      LaneRecords records,
      SweepMetrics metrics,
      Clock clock) {
    this.continuity = continuity;
    this.adoption = adoption;
    this.store = store;
    this.catalog = catalog;
    this.resolver = new JobResolver(catalog);
    this.lanes = lanes;
    this.records = records;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Looks whether Redis may have lost writes. If so, reads the lanes.
   *
   * @throws dev.polyptych.store.StoreUnavailableException when Redis does not answer
   */
  void round() throws InterruptedException {
    Instant begun = clock.instant();
    Optional<Instant> since = continuity.lossSince(begun);
    if (since.isEmpty() || recover(since.get()).isPresent()) {
      continuity.confirm(begun);
    }
  }

  /**
   * Adopts jobs that wait on the lanes, or were written since a time, and that Redis does not know.
   * Returns how many; empty when the broker is away.
   */
  Optional<Integer> recover(Instant since) throws InterruptedException {
    Optional<Map<String, List<LaneWindow>>> windows = lanes.windows();
    if (windows.isEmpty()) {
      return Optional.empty();
    }
    AtomicInteger adopted = new AtomicInteger();
    try {
      records.read(
          windows.get(), since, record -> adopted.addAndGet(adopted(record, since) ? 1 : 0));
    } catch (LaneUnavailableException away) {
      LOG.warn("jobs that Redis has lost can't be looked for: {}", away.getMessage());
      return Optional.empty();
    }
    if (adopted.get() > 0) {
      LOG.warn(
          "Redis had lost the states of {} jobs; they were made anew from Kafka. Jobs that had"
              + " ended since {} are drawn again",
          adopted,
          since);
    }
    return Optional.of(adopted.get());
  }

  private boolean foreign(LaneRecord raw) {
    return raw.base().filter(base -> !base.equals(catalog.model())).isPresent();
  }

  private boolean adopted(LaneRecord raw, Instant since) {
    // A dispatcher makes the state of a job of the inbox when it reads the record.
    boolean early = Topics.baseOf(raw.place().topic()).isEmpty() && !raw.settled();
    if (early
        || !(RenderRecord.read(raw.value()) instanceof Validated.Valid<RenderRecord>(var record))
        || (record.pins().isEmpty() && foreign(raw))
        || !(record.resolved(resolver) instanceof Validated.Valid<RenderJob>(RenderJob job))
        || (raw.settled() && JobId.time(job.id()).filter(since::isBefore).isEmpty())) {
      return false;
    }
    Optional<JobStatus> known = store.status(job.id());
    if (known.filter(status -> status.state() == JobState.ACCEPTED).isPresent()) {
      store.queued(job.id(), raw.place());
    }
    boolean adopted = known.isEmpty() && adoption.adopt(NewJob.of(job, record));
    if (adopted) {
      metrics.adopted();
    }
    store.moved(job.id(), raw.version(), raw.place());
    return adopted;
  }
}
