package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.LimitHit;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import redis.clients.jedis.params.SetParams;

/**
 * The pictures that callers uploaded. The key of a picture is the tenant and the digest of its
 * bytes. So each tenant's picture is stored once, and no tenant can find out what another one
 * stores. A picture is kept as long as results, counted from its last upload or from the last
 * accepted job that uses it.
 *
 * <p>Every method throws {@link StoreUnavailableException} when Redis does not answer.
 */
public final class ReferenceStore {
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");

  private final RedisConnection redis;
  private final Duration timeToLive;
  private final ReferenceShelf shelf;

  public ReferenceStore(RedisConnection redis, Retention retention) {
    this.redis = redis;
    this.timeToLive = retention.results();
    this.shelf = new ReferenceShelf(redis, timeToLive);
  }

  /** How long a picture is kept after an upload or renewal. */
  public Duration timeToLive() {
    return timeToLive;
  }

  /**
   * Stores an encoded picture.
   *
   * @param allowed limit on the total bytes of the tenant's pictures; empty for no limit
   */
  public Shelving put(String tenant, byte[] picture, OptionalLong allowed) {
    String key = digest(picture);
    Optional<LimitHit> limit = shelf.count(tenant, key, picture.length, allowed);
    if (limit.isPresent()) {
      return new Shelving.Full(limit.get());
    }
    SetParams expiring = SetParams.setParams().ex(timeToLive.toSeconds());
    redis.call(jedis -> jedis.set(redisKey(tenant, key), picture, expiring));
    return new Shelving.Kept(key);
  }

  /** Whether the picture exists. If so, its time to live restarts. */
  public boolean renew(String tenant, String key) {
    if (!KEY.matcher(key).matches()) {
      return false;
    }
    byte[] name = redisKey(tenant, key);
    if (redis.call(jedis -> jedis.expire(name, timeToLive.toSeconds())) == 0) {
      return false;
    }
    long size = redis.call(jedis -> jedis.strlen(name));
    shelf.count(tenant, key, size, OptionalLong.empty());
    return true;
  }

  /** The uploaded bytes; empty if the picture has expired. */
  public Optional<byte[]> find(String tenant, String key) {
    return Optional.ofNullable(redis.call(jedis -> jedis.get(redisKey(tenant, key))));
  }

  private static byte[] redisKey(String tenant, String key) {
    return ("reference:" + tenant + ":" + key).getBytes(UTF_8);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
