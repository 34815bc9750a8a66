package dev.polyptych.dispatcher;

import dev.polyptych.dispatcher.enqueue.JobQueue;
import dev.polyptych.dispatcher.metrics.TenantMetrics;
import dev.polyptych.dispatcher.tenant.Allowance;
import dev.polyptych.schema.store.JobStore;
import dev.polyptych.schema.store.RedisConnection;
import dev.polyptych.schema.store.ReferenceStore;
import dev.polyptych.schema.store.Reservations;
import dev.polyptych.schema.store.Retention;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What a job queue keeps jobs in, wired as in a dispatcher, with plenty of room. */
public final class Stores {
  private Stores() {}

  public static JobQueue.Stores of(JobStore jobs, RedisConnection redis) {
    return new JobQueue.Stores(
        jobs,
        new ReferenceStore(redis, Retention.DEFAULT),
        new Allowance(
            new Reservations(redis), 1_000_000, new TenantMetrics(new PrometheusRegistry())));
  }
}
