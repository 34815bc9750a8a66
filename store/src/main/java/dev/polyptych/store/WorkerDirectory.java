package dev.polyptych.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.SetParams;

/** The live workers. A worker is live while its last heartbeat has not expired. */
public final class WorkerDirectory {
  /** Three heartbeats may be lost before a worker counts as dead. */
  public static final Duration TIME_TO_LIVE = Duration.ofSeconds(15);

  private static final Duration BASE_TIME_TO_LIVE = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(WorkerDirectory.class);
  private static final String WORKERS = "workers";
  private static final String BASES = "bases";

  private final RedisConnection redis;

  public WorkerDirectory(RedisConnection redis) {
    this.redis = redis;
  }

  public void beat(WorkerHeartbeat heartbeat) {
    String json = new String(Json.bytes(heartbeat), StandardCharsets.UTF_8);
    redis.call(
        jedis -> {
          jedis.sadd(WORKERS, heartbeat.id());
          return jedis.set(
              key(heartbeat.id()), json, SetParams.setParams().ex(TIME_TO_LIVE.toSeconds()));
        });
  }

  /** Removes a worker that shuts down in good order. */
  public void leave(String id) {
    redis.call(
        jedis -> {
          jedis.srem(WORKERS, id);
          return jedis.del(key(id));
        });
  }

  /**
   * All live workers, seen by a dispatcher. Workers can read the dispatcher's base for a minute.
   *
   * @param base id of its catalog's model
   */
  public List<WorkerHeartbeat> liveSeenBy(String base) {
    redis.call(
        jedis -> {
          jedis.sadd(BASES, base);
          return jedis.set(
              baseKey(base), "1", SetParams.setParams().ex(BASE_TIME_TO_LIVE.toSeconds()));
        });
    return live();
  }

  /** Ids of the models of live dispatchers' catalogs; empty if there is no newer dispatcher. */
  public Set<String> bases() {
    return redis.call(
        jedis -> {
          Set<String> bases = new TreeSet<>();
          for (String base : jedis.smembers(BASES)) {
            if (jedis.exists(baseKey(base))) {
              bases.add(base);
            } else {
              jedis.srem(BASES, base);
            }
          }
          return bases;
        });
  }

  /**
   * A worker's last heartbeat.
   *
   * @param left until it expires, in milliseconds; more than before after a new heartbeat
   */
  public record Sighting(WorkerHeartbeat heartbeat, long left) {}

  /** Empty if the worker's last heartbeat has expired, or if it has left in good order. */
  public Optional<Sighting> sighting(String id) {
    return redis.call(
        jedis -> {
          long left = jedis.pttl(key(id));
          return Optional.ofNullable(jedis.get(key(id)))
              .map(json -> new Sighting(parse(json), left));
        });
  }

  /** All live workers whose heartbeat can be read, sorted by id. */
  public List<WorkerHeartbeat> live() {
    return read().live();
  }

  /**
   * The heartbeats of all live workers.
   *
   * @param live sorted by id
   * @param unreadable ids of workers whose heartbeat this version can't read
   */
  public record Reading(List<WorkerHeartbeat> live, List<String> unreadable) {}

  /** Reads all heartbeats. Also removes the entries of dead workers. */
  public Reading read() {
    return redis.call(
        jedis -> {
          Map<String, Response<String>> beats = new TreeMap<>();
          try (AbstractPipeline pipeline = jedis.pipelined()) {
            jedis.smembers(WORKERS).forEach(id -> beats.put(id, pipeline.get(key(id))));
          }
          String[] dead =
              beats.keySet().stream()
                  .filter(id -> beats.get(id).get() == null)
                  .toArray(String[]::new);
          if (dead.length > 0) {
            jedis.srem(WORKERS, dead);
          }
          List<WorkerHeartbeat> live = new ArrayList<>();
          List<String> unreadable = new ArrayList<>();
          beats.forEach(
              (id, beat) -> {
                if (beat.get() != null) {
                  try {
                    live.add(parse(beat.get()));
                  } catch (IllegalStateException foreign) {
                    unreadable.add(id);
                    LOG.debug("the heartbeat of {} can't be read", id, foreign);
                  }
                }
              });
          return new Reading(live, unreadable);
        });
  }

  private static String baseKey(String base) {
    return "base:" + base;
  }

  private static String key(String id) {
    return "worker:" + id;
  }

  private static WorkerHeartbeat parse(String json) {
    try {
      return Json.mapper().readValue(json, WorkerHeartbeat.class);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("a heartbeat is not what we wrote", broken);
    }
  }
}
