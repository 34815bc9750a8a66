package dev.polyptych.store;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.JobId;
import java.time.Clock;
import java.time.Duration;

/**
 * Makes the state of a job anew that Redis has lost, from the job's record on Kafka. The job keeps
 * its idempotency key, and it counts for its tenant's quotas. See decision 050.
 *
 * <p>Every method throws {@link StoreUnavailableException} when Redis does not answer. A retry is
 * safe.
 */
public final class Adoption {
  private final JobStore store;
  private final IdempotencyKeys keys;
  private final Reservations reservations;
  private final Duration remembered;
  private final Clock clock;

  public Adoption(RedisConnection redis, JobStore store, Retention retention, Clock clock) {
    this.store = store;
    this.keys = new IdempotencyKeys(redis, retention);
    this.reservations = new Reservations(redis);
    this.remembered = retention.tombstones();
    this.clock = clock;
  }

  /**
   * Whether Redis has the job now, {@code queued}. It does not take a job that has ended, nor one
   * that is older than outcomes are kept: that one may have ended.
   */
  public boolean adopt(NewJob job) {
    String id = job.job().id();
    if (JobId.time(id).filter(clock.instant().minus(remembered)::isBefore).isEmpty()) {
      return false;
    }
    job.key().ifPresent(key -> keys.reserve(key, id));
    Duration gpuTime =
        Duration.ofMillis(Math.round(job.forecast().gpuSeconds().orElse(0.0) * 1000));
    reservations.reserve(job.job(), job.tenant(), Quotas.UNLIMITED, gpuTime, Long.MAX_VALUE);
    boolean adopted = store.adopt(job) == Verdict.DONE;
    if (!adopted && store.status(id).filter(known -> !known.state().terminal()).isEmpty()) {
      reservations.release(id);
    }
    return adopted;
  }
}
