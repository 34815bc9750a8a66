package dev.polyptych.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/** The live workers. A worker is live while its last heartbeat has not expired. */
public final class WorkerDirectory {
  /** Three heartbeats may be lost before a worker counts as dead. */
  public static final Duration TIME_TO_LIVE = Duration.ofSeconds(15);

  private static final Duration BASE_TIME_TO_LIVE = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(WorkerDirectory.class);
  private static final String WORKERS = "workers2";

  /** Workers as processes of the version before see them. */
  private static final String WORKERS_BEFORE = "workers";

  private static final String BASES = "bases";

  private final RedisConnection redis;

  public WorkerDirectory(RedisConnection redis) {
    this.redis = redis;
  }

  public void beat(WorkerHeartbeat heartbeat) {
    SetParams lives = SetParams.setParams().ex(TIME_TO_LIVE.toSeconds());
    String id = heartbeat.id();
    redis.call(
        jedis -> {
          try (AbstractPipeline pipeline = jedis.pipelined()) {
            pipeline.sadd(WORKERS, id);
            pipeline.set(key(id), json(heartbeat), lives);
            pipeline.sadd(WORKERS_BEFORE, id);
            pipeline.set(keyBefore(id), json(heartbeat.before()), lives);
            pipeline.sync();
          }
          return id;
        });
  }

  private static String json(WorkerHeartbeat heartbeat) {
    return new String(Json.bytes(heartbeat), StandardCharsets.UTF_8);
  }

  /** Removes a worker that shuts down in good order. */
  public void leave(String id) {
    redis.call(
        jedis -> {
          jedis.srem(WORKERS, id);
          jedis.srem(WORKERS_BEFORE, id);
          return jedis.del(key(id)) + jedis.del(keyBefore(id));
        });
  }

  /**
   * All live workers, seen by a dispatcher. Workers can read the dispatcher's bases for a minute.
   *
   * @param bases ids of those whose jobs it accepts
   */
  public List<WorkerHeartbeat> liveSeenBy(Set<String> bases) {
    SetParams lives = SetParams.setParams().ex(BASE_TIME_TO_LIVE.toSeconds());
    redis.call(
        jedis -> {
          try (AbstractPipeline pipeline = jedis.pipelined()) {
            for (String base : bases) {
              pipeline.sadd(BASES, base);
              pipeline.set(baseKey(base), "1", lives);
            }
            pipeline.sync();
          }
          return bases;
        });
    return live();
  }

  /** Ids of the bases whose jobs live dispatchers accept; empty without a newer dispatcher. */
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
          String key = jedis.exists(key(id)) ? key(id) : keyBefore(id);
          long left = jedis.pttl(key);
          return Optional.ofNullable(jedis.get(key)).map(json -> new Sighting(parse(json), left));
        });
  }

  /** All live workers of a base whose heartbeat can be read, sorted by id. */
  public List<WorkerHeartbeat> live(String base) {
    return live().stream().filter(worker -> worker.model().equals(base)).toList();
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

  /**
   * Reads all heartbeats. Also removes the entries of dead workers. A worker of the version before
   * reads the inbox: it has none of the lanes' partitions.
   */
  public Reading read() {
    return redis.call(
        jedis -> {
          List<WorkerHeartbeat> live = new ArrayList<>();
          List<String> unreadable = new ArrayList<>();
          Map<String, String> beats = beats(jedis, WORKERS, WorkerDirectory::key);
          Map<String, String> before = beats(jedis, WORKERS_BEFORE, WorkerDirectory::keyBefore);
          before.keySet().removeAll(beats.keySet());
          beats.forEach((id, json) -> add(id, json, live, unreadable));
          List<WorkerHeartbeat> old = new ArrayList<>();
          before.forEach((id, json) -> add(id, json, old, unreadable));
          old.forEach(worker -> live.add(worker.withoutPartitions()));
          live.sort(Comparator.comparing(WorkerHeartbeat::id));
          return new Reading(live, unreadable);
        });
  }

  private static Map<String, String> beats(
      UnifiedJedis jedis, String workers, UnaryOperator<String> key) {
    Map<String, Response<String>> read = new TreeMap<>();
    try (AbstractPipeline pipeline = jedis.pipelined()) {
      jedis.smembers(workers).forEach(id -> read.put(id, pipeline.get(key.apply(id))));
    }
    Map<String, String> beats = new TreeMap<>();
    List<String> dead = new ArrayList<>();
    read.forEach(
        (id, beat) -> {
          if (beat.get() == null) {
            dead.add(id);
          } else {
            beats.put(id, beat.get());
          }
        });
    if (!dead.isEmpty()) {
      jedis.srem(workers, dead.toArray(String[]::new));
    }
    return beats;
  }

  private static void add(
      String id, String json, List<WorkerHeartbeat> readable, List<String> unreadable) {
    try {
      readable.add(parse(json));
    } catch (IllegalStateException foreign) {
      unreadable.add(id);
      LOG.debug("the heartbeat of {} can't be read", id, foreign);
    }
  }

  private static String baseKey(String base) {
    return "base:" + base;
  }

  private static String key(String id) {
    return "worker2:" + id;
  }

  private static String keyBefore(String id) {
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
