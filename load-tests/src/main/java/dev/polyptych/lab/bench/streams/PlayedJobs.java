package dev.polyptych.lab.bench.streams;

import dev.polyptych.lab.bench.ExampleJobs;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.RedisConnection;
import java.net.URI;
import java.time.Clock;
import redis.clients.jedis.Jedis;

/** Jobs without a worker: the bench writes their records and events to Redis. Nothing is drawn. */
final class PlayedJobs implements AutoCloseable {
  private static final String TENANT = "default";

  private final URI uri;
  private final RedisConnection redis;
  private final JobStore store;
  private final JobResolver resolver;
  private final JobRequest request;

  PlayedJobs(URI redis, Catalog catalog) {
    this.uri = redis;
    this.redis = RedisConnection.open(redis);
    this.store = new JobStore(this.redis, Retention.DEFAULT);
    this.resolver = new JobResolver(catalog);
    this.request = ExampleJobs.of(catalog.tasks().getFirst());
  }

  /** Creates a job that waits. */
  String queued() {
    String id = JobId.next(Clock.systemUTC());
    switch (resolver.resolve(id, request)) {
      case Validated.Valid<RenderJob>(RenderJob job) -> store.adopt(NewJob.of(job, TENANT));
      case Validated.Invalid<RenderJob>(var problems) ->
          throw new IllegalStateException("a task's example is wrong: " + problems);
    }
    return id;
  }

  /** Creates a job that is being rendered in its first attempt. */
  String rendering() {
    String id = queued();
    Claim claim = store.claim(id, Claimant.of("played"));
    if (claim instanceof Claim.Granted) {
      return id;
    }
    throw new IllegalStateException("a new job could not be claimed: " + claim);
  }

  void progress(String id, int step) {
    store.progress(id, 1, step, true);
  }

  /** Number of Redis connections of all clients that have subscribed to a channel. */
  int subscriptions() {
    try (Jedis jedis = new Jedis(uri)) {
      return (int) jedis.clientList().lines().filter(client -> !client.contains(" sub=0 ")).count();
    }
  }

  @Override
  public void close() {
    redis.close();
  }
}
