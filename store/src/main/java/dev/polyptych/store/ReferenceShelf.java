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
 * How many bytes of pictures each tenant has kept, in a slot of its own beside the pictures. A
 * picture is counted before it is written, until it expires; so a crash in between counts one too
 * many for that time, never one too few.
 */
final class ReferenceShelf {
  private static final Script SHELVE = Script.load("shelve");

  private final RedisConnection redis;
  private final Duration timeToLive;

  ReferenceShelf(RedisConnection redis, Duration timeToLive) {
    this.redis = redis;
    this.timeToLive = timeToLive;
  }

  /** Counts a picture, from now on for the whole time; else says how full the shelf is. */
  Optional<LimitHit> count(String tenant, String digest, long size, OptionalLong allowed) {
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
