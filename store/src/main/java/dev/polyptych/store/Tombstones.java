package dev.polyptych.store;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.Outcome;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The outcomes of settled jobs. They remain after the records have expired. */
public final class Tombstones {
  private final RedisConnection redis;

  public Tombstones(RedisConnection redis) {
    this.redis = redis;
  }

  /** Empty if the job is open, belongs to another tenant, or is no longer known. */
  public Optional<Outcome> outcome(String id, String tenant) {
    Map<String, String> hash = redis.call(jedis -> jedis.hgetAll(new JobKeys(id).tombstone()));
    if (!tenant.equals(hash.get("tenant"))) {
      return Optional.empty();
    }
    return Optional.of(
        new Outcome(
            JobState.of(hash.get("state")),
            Optional.of(hash.get("code"))
                .filter(code -> !code.isEmpty())
                .map(code -> ErrorCode.read(code, Optional.ofNullable(hash.get("exactCode")))),
            Instant.ofEpochMilli(Long.parseLong(hash.get("finishedAt")))));
  }
}
