package dev.polyptych.lab.bench.streams;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.Claim;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.RedisConnection;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import redis.clients.jedis.Jedis;

/** Jobs whose worker is played: their records and events are in Redis, nothing is drawn. */
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
    this.request = request(catalog.tasks().getFirst());
  }

  /** One that waits. */
  String queued() {
    String id = JobId.next(Clock.systemUTC());
    switch (resolver.resolve(id, request)) {
      case Validated.Valid<RenderJob>(RenderJob job) -> store.adopt(job, TENANT, request);
      case Validated.Invalid<RenderJob>(var problems) ->
          throw new IllegalStateException("a task's example is wrong: " + problems);
    }
    return id;
  }

  /** One that is being drawn, in its first attempt. */
  String rendering() {
    String id = queued();
    Claim claim = store.claim(id, "played");
    if (claim instanceof Claim.Granted) {
      return id;
    }
    throw new IllegalStateException("a new job could not be claimed: " + claim);
  }

  void progress(String id, int step) {
    store.progress(id, 1, step, true);
  }

  /** Connections of Redis that have subscribed to a channel, this one's and everybody's. */
  int subscriptions() {
    try (Jedis jedis = new Jedis(uri)) {
      return (int) jedis.clientList().lines().filter(client -> !client.contains(" sub=0 ")).count();
    }
  }

  @Override
  public void close() {
    redis.close();
  }

  private static JobRequest request(Task task) {
    return new JobRequest(
        task.id(),
        task.example().prompt(),
        task.example().panels(),
        OptionalLong.of(1),
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }
}
