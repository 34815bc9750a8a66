package dev.polyptych.store;

import static dev.polyptych.store.JobScripts.text;

import dev.polyptych.schema.config.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.params.ZRangeParams;

/**
 * The open jobs, each with the time of the next look. They are one sorted set. It is in another
 * slot than the jobs' records, so no script updates both together. So it is only a hint: an entry
 * may be out of date, and only the record is true.
 */
public final class OpenJobs {
  private static final String INDEX = "open-jobs";
  private static final String LEASE = "open-jobs:lease";
  private static final Script SWEEP = Script.load("sweep");

  private final RedisConnection redis;
  private final JobScripts scripts;
  private final Retention retention;

  public OpenJobs(RedisConnection redis, Retention retention) {
    this.redis = redis;
    this.scripts = new JobScripts(redis);
    this.retention = retention;
  }

  /**
   * An entry of the index.
   *
   * @param fresh whether this is the first look; the record may not be written yet
   */
  public record Entry(String id, boolean fresh) {}

  /** What a look at a job found. */
  public enum Finding {
    UNKNOWN,
    SETTLED,
    /** This look settled the job, because a deadline had passed. */
    EXPIRED,
    /** Accepted, but its dispatcher never produced it. Returned to one sweeper at a time. */
    FORGOTTEN,
    /** Nothing to do for now. */
    OPEN
  }

  /**
   * @param again time until the next look
   */
  public record Look(Finding finding, Duration again) {}

  static Response<Long> list(AbstractPipeline pipeline, String id) {
    return pipeline.zadd(INDEX, 0, id);
  }

  /** Whether the holder may sweep now. No other process may sweep until the lease ends. */
  public boolean lease(String holder, Duration time) {
    SetParams ifFree = SetParams.setParams().nx().px(time.toMillis());
    return redis.call(
        jedis ->
            "OK".equals(jedis.set(LEASE, holder, ifFree))
                || (holder.equals(jedis.get(LEASE)) && jedis.pexpire(LEASE, time.toMillis()) == 1));
  }

  /** Entries whose time has come, the longest due first. */
  public List<Entry> due(Instant now, int atMost) {
    ZRangeParams until =
        ZRangeParams.zrangeByScoreParams(0, (double) now.toEpochMilli()).limit(0, atMost);
    return redis.call(jedis -> jedis.zrangeWithScores(INDEX, until)).stream()
        .map(tuple -> new Entry(tuple.getElement(), tuple.getScore() == 0))
        .toList();
  }

  /**
   * Looks at a job's record. Expires the job if a deadline has passed. Lists the callback of a
   * settled job in the {@link CallbackOutbox}.
   *
   * @param forgotten time after which an accepted job counts as forgotten
   */
  public Look look(String id, Duration forgotten) {
    String millis = Long.toString(forgotten.toMillis());
    String keepSeconds = Long.toString(retention.records().toSeconds());
    List<?> answer = (List<?>) scripts.run(SWEEP, id, List.of(), millis, keepSeconds);
    if (answer.size() > 2 && text(answer.get(2)).equals("CALLBACK")) {
      // The process that settled the job may have died before it listed the callback.
      CallbackOutbox.list(redis, id);
    }
    return new Look(
        Finding.valueOf(text(answer.get(0))),
        Duration.ofMillis(Long.parseLong(text(answer.get(1)))));
  }

  public void lookAgain(String id, Instant at) {
    redis.together(pipeline -> pipeline.zadd(INDEX, (double) at.toEpochMilli(), id));
  }

  public void remove(String id) {
    redis.together(pipeline -> pipeline.zrem(INDEX, id));
  }
}
