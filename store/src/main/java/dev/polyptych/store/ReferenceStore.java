package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.store.objects.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import redis.clients.jedis.params.SetParams;

/**
 * The pictures that callers uploaded. The key of a picture is the tenant and the digest of its
 * bytes. So each tenant's picture is stored once, and no tenant can find out what another one
 * stores. A picture is kept as long as results, counted from its last upload or from the last
 * accepted job that uses it. It lies in Redis or in the object store; both are looked at.
 *
 * <p>Every method throws {@link StoreUnavailableException} when Redis does not answer.
 */
public final class ReferenceStore {
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");

  private final RedisConnection redis;
  private final Duration timeToLive;
  private final ReferenceShelf shelf;
  private final ReferenceObjects objects;
  private final boolean toObjects;

  /** Of a process without an object store. */
  public ReferenceStore(RedisConnection redis, Retention retention) {
    this(redis, retention, Optional.empty(), false, Clock.systemUTC());
  }

  /**
   * @param objects the object store, if this process has one
   * @param toObjects whether new pictures go there; else to Redis
   */
  public ReferenceStore(
      RedisConnection redis,
      Retention retention,
      Optional<ObjectStore> objects,
      boolean toObjects,
      Clock clock) {
    this.redis = redis;
    this.timeToLive = retention.results();
    this.shelf = new ReferenceShelf(redis, timeToLive);
    this.objects = new ReferenceObjects(redis, timeToLive, objects, clock);
    this.toObjects = toObjects;
  }

  /** How long a picture is kept after an upload or renewal. */
  public Duration timeToLive() {
    return timeToLive;
  }

  /**
   * Stores an encoded picture.
   *
   * @param allowed limit on the total bytes of the tenant's pictures; empty for no limit
   * @throws dev.polyptych.store.objects.ObjectsUnavailableException when the object store does not
   *     answer
   */
  public Shelving put(String tenant, byte[] picture, OptionalLong allowed) {
    String key = IdempotencyKey.digest(picture);
    Optional<LimitHit> limit = shelf.count(tenant, key, picture.length, allowed);
    if (limit.isPresent()) {
      return new Shelving.Full(limit.get());
    }
    if (toObjects) {
      objects.put(tenant, key, picture);
    } else {
      SetParams expiring = SetParams.setParams().ex(timeToLive.toSeconds());
      redis.call(jedis -> jedis.set(redisKey(tenant, key), picture, expiring));
    }
    return new Shelving.Kept(key);
  }

  /** Whether the picture exists. If so, its time to live restarts. */
  public boolean renew(String tenant, String key) {
    if (!KEY.matcher(key).matches()) {
      return false;
    }
    OptionalLong size = objects.renew(tenant, key);
    if (size.isEmpty()) {
      size = renewInRedis(redisKey(tenant, key));
    }
    size.ifPresent(bytes -> shelf.count(tenant, key, bytes, OptionalLong.empty()));
    return size.isPresent();
  }

  private OptionalLong renewInRedis(byte[] name) {
    return redis.call(jedis -> jedis.expire(name, timeToLive.toSeconds())) == 0
        ? OptionalLong.empty()
        : OptionalLong.of(redis.call(jedis -> jedis.strlen(name)));
  }

  /**
   * The uploaded bytes; empty if the picture has expired.
   *
   * @throws dev.polyptych.store.objects.ObjectsUnavailableException when the object store does not
   *     answer
   * @throws IllegalStateException when the picture lies in an object store that this process does
   *     not have, with the remedy
   */
  public Optional<byte[]> find(String tenant, String key) {
    return Optional.ofNullable(redis.call(jedis -> jedis.get(redisKey(tenant, key))))
        .or(() -> objects.find(tenant, key));
  }

  private static byte[] redisKey(String tenant, String key) {
    return ("reference:" + tenant + ":" + key).getBytes(UTF_8);
  }
}
