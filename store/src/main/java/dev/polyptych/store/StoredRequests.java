package dev.polyptych.store;

import static dev.polyptych.store.JobScripts.bytes;

import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.topic.RenderRecord;
import java.util.List;
import java.util.Optional;

/** The requests of jobs. A request is kept as long as the record of its job. */
public final class StoredRequests {
  private final RedisConnection redis;

  public StoredRequests(RedisConnection redis) {
    this.redis = redis;
  }

  /**
   * The job as its Kafka record holds it, with its final seed; empty if the job is unknown.
   *
   * @throws StoreUnavailableException when Redis does not answer
   */
  public Optional<RenderRecord> find(String job) {
    List<String> fields =
        redis.call(jedis -> jedis.hmget(new JobKeys(job).job(), "tenant", "request"));
    return Optional.ofNullable(fields.get(1))
        .map(json -> new RenderRecord(job, fields.get(0), request(json)));
  }

  private static JobRequest request(String json) {
    return switch (JobRequestReader.read(bytes(json))) {
      case Validated.Valid<JobRequest>(var request) -> request;
      case Validated.Invalid<JobRequest>(var problems) ->
          throw new IllegalStateException("a stored request is not what we wrote: " + problems);
    };
  }
}
