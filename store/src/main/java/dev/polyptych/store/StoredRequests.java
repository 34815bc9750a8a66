package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import java.util.Optional;

/** What jobs were asked for, as long as their records are kept. */
public final class StoredRequests {
  private final RedisConnection redis;

  public StoredRequests(RedisConnection redis) {
    this.redis = redis;
  }

  /**
   * With its seed settled; absent for an unknown job.
   *
   * @throws StoreUnavailableException when Redis does not answer
   */
  public Optional<JobRequest> find(String job) {
    String key = new JobKeys(job).job();
    return Optional.ofNullable(redis.call(jedis -> jedis.hget(key, "request")))
        .map(StoredRequests::request);
  }

  private static JobRequest request(String json) {
    return switch (JobRequestReader.read(json.getBytes(UTF_8))) {
      case Validated.Valid<JobRequest>(var request) -> request;
      case Validated.Invalid<JobRequest>(var problems) ->
          throw new IllegalStateException("a stored request is not what we wrote: " + problems);
    };
  }
}
