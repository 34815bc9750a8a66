package dev.polyptych.store;

import static dev.polyptych.store.JobScripts.bytes;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.Pins;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.Accepted;
import dev.polyptych.schema.topic.RenderRecord;
import java.util.Map;
import java.util.Optional;

/** The requests of jobs. A request is kept as long as the record of its job. */
public final class StoredRequests {
  private final RedisConnection redis;

  public StoredRequests(RedisConnection redis) {
    this.redis = redis;
  }

  /**
   * The job as its Kafka record holds it, with its final seed; empty if the job is unknown. A job
   * that the version before accepted has no pins.
   *
   * @throws StoreUnavailableException when Redis does not answer
   */
  public Optional<RenderRecord> find(String job) {
    Map<String, String> hash = redis.call(jedis -> jedis.hgetAll(new JobKeys(job).job()));
    return Optional.ofNullable(hash.get("request"))
        .map(
            json ->
                new RenderRecord(
                    RenderRecord.VERSION,
                    job,
                    hash.get("tenant"),
                    request(json),
                    Optional.of(accepted(hash)),
                    Optional.ofNullable(hash.get("pins")).map(StoredRequests::pins)));
  }

  private static Accepted accepted(Map<String, String> hash) {
    return new Accepted(
        Optional.ofNullable(hash.get("batch")),
        Optional.ofNullable(hash.get("idempotencyKey")),
        Optional.ofNullable(hash.get("requestDigest")),
        Optional.ofNullable(hash.get("gpuSeconds")).map(Double::valueOf));
  }

  private static Pins pins(String json) {
    try {
      return Json.mapper().readValue(json, Pins.class);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("stored pins are not what we wrote", broken);
    }
  }

  private static JobRequest request(String json) {
    return switch (JobRequestReader.read(bytes(json))) {
      case Validated.Valid<JobRequest>(var request) -> request;
      case Validated.Invalid<JobRequest>(var problems) ->
          throw new IllegalStateException("a stored request is not what we wrote: " + problems);
    };
  }
}
