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
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final RedisConnection redis;
  private Instant confirmed = Instant.MIN;

  /**
   * @param server which process Redis was
   */
  private record Known(Instant until, String server) {
    /** Empty for a text of another version. */
    static Optional<Known> of(String text) {
      return text.matches("\\d{1,18} .*")
          ? Optional.of(
              new Known(
                  Instant.ofEpochMilli(Long.parseLong(text.substring(0, text.indexOf(' ')))),
                  text.substring(text.indexOf(' ') + 1)))
          : Optional.empty();
    }

    String text() {
      return until.toEpochMilli() + " " + server;
    }
  }

  public StoreContinuity(RedisConnection redis) {
    this.redis = redis;
  }

  /**
   * The time since which jobs may be missing. Empty if Redis is the process that it was at the last
   * {@link #confirm}, of whichever dispatcher, and lacks none that was made here.
   */
  public Optional<Instant> lossSince(Instant now) {
    Optional<Known> known =
        Optional.ofNullable(redis.call(jedis -> jedis.get(KNOWN_UNTIL))).flatMap(Known::of);
    String server = redis.server();
    boolean whole =
        known
            .filter(it -> it.server().equals(server) && !it.until().isBefore(confirmed))
            .isPresent();
    return whole
        ? Optional.empty()
        : Optional.of(known.map(Known::until).orElse(now.minus(LONGEST)).minus(MARGIN));
  }

  /** All jobs that were on the lanes at this time are in Redis. */
  public void confirm(Instant at) {
    String text = new Known(at, redis.server()).text();
    redis.call(jedis -> jedis.set(KNOWN_UNTIL, text));
    confirmed = Instant.ofEpochMilli(at.toEpochMilli());
  }
}
