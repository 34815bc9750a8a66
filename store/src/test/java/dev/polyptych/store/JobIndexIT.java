package dev.polyptych.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.JobId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobIndexIT {
  private static final String TENANT = "index-it";

  @Test
  void anIdWithoutARecordStaysListedForAMinute() {
    Instant now = Instant.parse("2026-01-01T00:01:00Z");
    String young = id(now.minusSeconds(60));
    String old = id(now.minusSeconds(60).minusMillis(1));
    try (RedisConnection redis = RedisConnection.open(Backends.redisUri())) {
      JobIndex index = JobIndex.ofAll(redis, Retention.DEFAULT);
      List.of(young, old).forEach(id -> redis.call(jedis -> jedis.zadd("jobs:" + TENANT, 0, id)));

      index.removeGone(TENANT, List.of(young, old), now);

      assertEquals(List.of(young), index.before(TENANT, "", 10));
    }
  }

  private static String id(Instant made) {
    return JobId.next(Clock.fixed(made, ZoneOffset.UTC));
  }
}
