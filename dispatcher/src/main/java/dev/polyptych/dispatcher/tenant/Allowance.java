package dev.polyptych.dispatcher.tenant;

import dev.polyptych.dispatcher.metrics.TenantMetrics;
import dev.polyptych.schema.error.Limit;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.Reservations;
import java.time.Duration;
import java.util.Optional;

/** Checks and reserves room for a tenant's jobs. Blocks; safe for any number of threads. */
public final class Allowance {
  private final Reservations reservations;
  private final long laneJobs;
  private final TenantMetrics metrics;

  /**
   * @param laneJobs the most unsettled jobs that a lane may have
   */
  public Allowance(Reservations reservations, long laneJobs, TenantMetrics metrics) {
    this.reservations = reservations;
    this.laneJobs = laneJobs;
    this.metrics = metrics;
  }

  /**
   * Reserves what the job needs until it settles. Otherwise returns the limit that it would exceed.
   *
   * @param waits whether the job may wait for the rate, so that hitting it is no refusal yet
   * @param gpuSeconds GPU-seconds that the job needs; if empty (unknown), no GPU time is reserved
   * @throws dev.polyptych.store.StoreUnavailableException if the store does not answer
   */
  public Optional<LimitHit> take(
      RenderJob job, Tenant tenant, boolean waits, Optional<Double> gpuSeconds) {
    Duration gpuTime = Duration.ofMillis(Math.round(gpuSeconds.orElse(0.0) * 1000));
    Optional<LimitHit> hit =
        reservations.reserve(job, tenant.id(), tenant.quotas(), gpuTime, laneJobs);
    if (hit.isEmpty()) {
      metrics.admitted(tenant.id());
    } else if (!waits || hit.get().name() != Limit.SUBMISSIONS_PER_SECOND) {
      metrics.limited(tenant.id(), hit.get().name());
    }
    return hit;
  }

  /** Releases the reservation of a job that was not taken in the end. */
  public void giveBack(RenderJob job) {
    reservations.release(job.id());
  }
}
