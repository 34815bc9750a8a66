package dev.polyptych.dispatcher.tenant;

import dev.polyptych.dispatcher.metrics.TenantMetrics;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.Reservations;
import java.time.Duration;
import java.util.Optional;

/** Whether there is room for one more job of a tenant. Blocks; safe for any number of threads. */
public final class Allowance {
  private final Reservations reservations;
  private final long laneJobs;
  private final TenantMetrics metrics;

  /**
   * @param laneJobs how many jobs that are not settled a lane may have
   */
  public Allowance(Reservations reservations, long laneJobs, TenantMetrics metrics) {
    this.reservations = reservations;
    this.laneJobs = laneJobs;
    this.metrics = metrics;
  }

  /**
   * Takes what the job needs until it settles; else says which limit it would go beyond.
   *
   * @param gpuSeconds that it needs; empty while it is unknown, then nothing is reserved
   * @throws dev.polyptych.store.StoreUnavailableException when the store does not answer
   */
  public Optional<LimitHit> take(RenderJob job, Tenant tenant, Optional<Double> gpuSeconds) {
    Duration gpuTime = Duration.ofMillis(Math.round(gpuSeconds.orElse(0.0) * 1000));
    Optional<LimitHit> hit =
        reservations.reserve(job, tenant.id(), tenant.quotas(), gpuTime, laneJobs);
    hit.ifPresentOrElse(
        limit -> metrics.limited(tenant.id(), limit.name()), () -> metrics.admitted(tenant.id()));
    return hit;
  }

  /** Gives back what a job had that was not taken after all. */
  public void giveBack(RenderJob job) {
    reservations.release(job.id());
  }
}
