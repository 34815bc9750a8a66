package dev.polyptych.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells whether Redis may have lost writes: it was emptied or restored, a replica that lacks the
 * last writes was promoted, or it was restarted without the last second of its file. A time in
 * Redis says until when jobs are known to be there. One thread at a time.
 *
 * <p>Every method throws {@link StoreUnavailableException} when Redis does not answer.
 */
public final class StoreContinuity {
  private static final String KNOWN_UNTIL = "jobs:known-until";

  /** Between a write to Redis and the write to Kafka that belongs to it, and between two clocks. */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  /** How far an empty Redis may be made good. Jobs that ended before that are forgotten. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final RedisConnection redis;
  private long knownUntil;
  private Optional<String> server = Optional.empty();

  public StoreContinuity(RedisConnection redis) {
    this.redis = redis;
  }

  /**
   * The time since which jobs may be missing. Empty if Redis is the server that it was at the last
   * {@link #confirm} and has the time that was written then.
   */
  public Optional<Instant> lossSince(Instant now) {
    Optional<Long> held =
        Optional.ofNullable(redis.call(jedis -> jedis.get(KNOWN_UNTIL))).map(Long::valueOf);
    Optional<String> serves = redis.server();
    boolean same = held.filter(at -> at >= knownUntil).isPresent() && serves.equals(server);
    server = serves;
    return same && knownUntil > 0
        ? Optional.empty()
        : Optional.of(held.map(Instant::ofEpochMilli).orElse(now.minus(LONGEST)).minus(MARGIN));
  }

  /** All jobs that were on the lanes at this time are in Redis. */
  public void confirm(Instant at) {
    redis.call(jedis -> jedis.set(KNOWN_UNTIL, Long.toString(at.toEpochMilli())));
    knownUntil = at.toEpochMilli();
  }
}
