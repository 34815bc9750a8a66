package dev.polyptych.store;

import dev.polyptych.store.objects.ObjectStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.params.ZRangeParams;

/**
 * Objects that are deleted when their time is over: images of jobs, and references. Redis holds the
 * end of each.
 */
public final class ExpiringObjects {
  /** Prefixes of keys, sorted by the time at which their objects are to be deleted. */
  private static final String EXPIRIES = "results:expiries";

  private final ObjectStore objects;
  private final RedisConnection redis;

  public ExpiringObjects(ObjectStore objects, RedisConnection redis) {
    this.objects = objects;
    this.redis = redis;
  }

  /**
   * Notes the end of all objects with a prefix, in place of an earlier end. Call it before they are
   * stored, so that objects of a process that died go, too.
   *
   * @throws StoreUnavailableException when Redis does not answer
   */
  static void keep(RedisConnection redis, String prefix, Instant until) {
    double end = (double) until.toEpochMilli();
    redis.call(jedis -> jedis.zadd(EXPIRIES, end, prefix));
  }

  /**
   * Deletes objects whose time is over.
   *
   * @param most prefixes at once
   * @return of how many prefixes
   * @throws StoreUnavailableException when Redis does not answer
   * @throws dev.polyptych.store.objects.ObjectsUnavailableException when the object store does not
   */
  public int deleteDue(Instant now, int most) {
    List<String> ended =
        redis.call(
            jedis ->
                jedis.zrange(
                    EXPIRIES,
                    ZRangeParams.zrangeByScoreParams(0, (double) now.toEpochMilli())
                        .limit(0, most)));
    for (String prefix : ended) {
      List<String> keys = new ArrayList<>();
      objects.list(prefix, entry -> keys.add(entry.key()));
      keys.forEach(objects::delete);
      redis.call(jedis -> jedis.zrem(EXPIRIES, prefix));
    }
    return ended.size();
  }
}
