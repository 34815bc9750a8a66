package dev.polyptych.store;

import static dev.polyptych.store.JobScripts.bytes;
import static dev.polyptych.store.JobScripts.text;

import dev.polyptych.schema.error.Limit;
import dev.polyptych.schema.error.LimitHit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Counts the bytes of each tenant's stored pictures. The counters are in another slot than the
 * pictures. A picture is counted before it is written and until it expires. So after a crash in
 * between, the count may be too high for that time, but never too low.
 */
final class ReferenceShelf {
  private static final Script SHELVE = Script.load("shelve");

  private final RedisConnection redis;
  private final Duration timeToLive;

  ReferenceShelf(RedisConnection redis, Duration timeToLive) {
    this.redis = redis;
    this.timeToLive = timeToLive;
  }

  /**
   * Counts a picture for the full time to live from now on. Returns the limit if the picture would
   * exceed it.
   */
  Optional<LimitHit> count(String tenant, String digest, long size, OptionalLong allowed) {
    if (size > allowed.orElse(Long.MAX_VALUE)) {
      return Optional.of(
          LimitHit.never(Limit.REFERENCE_BYTES, (double) allowed.getAsLong(), (double) size));
    }
    String limit = allowed.isPresent() ? Long.toString(allowed.getAsLong()) : "";
    String millis = Long.toString(timeToLive.toMillis());
    List<?> answer = (List<?>) run(tenant, digest, Long.toString(size), millis, limit);
    String used = text(answer.get(0));
    if (used.isEmpty()) {
      return Optional.empty();
    }
    long seconds = Math.max(1, Math.ceilDiv(Long.parseLong(text(answer.get(1))), 1000L));
    return Optional.of(
        new LimitHit(
            Limit.REFERENCE_BYTES, allowed.getAsLong(), Double.parseDouble(used), seconds));
  }

  private Object run(String tenant, String... arguments) {
    String tag = "{references:" + tenant + "}";
    List<byte[]> keys =
        Stream.of("sizes", "expiries", "bytes").map(name -> bytes(tag + ":" + name)).toList();
    List<byte[]> all = Stream.of(arguments).map(argument -> bytes(argument)).toList();
    return SHELVE.run(redis, keys, all);
  }
}
