package dev.polyptych.store;

import static dev.polyptych.store.JobScripts.text;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.params.ZRangeParams;

/**
 * The jobs that are not settled yet, as far as is known, each with the time when looking at it is
 * worth while. They lie in one sorted set, in a slot of its own and beside the jobs' records, so
 * they are a hint: an entry may be out of date, and only the record tells.
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
   * @param fresh whether nobody has looked yet; its record may be about to be written
   */
  public record Entry(String id, boolean fresh) {}

  /** What a look at a job found. */
  public enum Finding {
    UNKNOWN,
    SETTLED,
    /** Settled by this very look: a deadline had passed. */
    EXPIRED,
    /**
     * Accepted too long ago: whoever was to produce it has not; only one look in a while says so.
     */
    FORGOTTEN,
    /** Nothing to do for now. */
    OPEN
  }

  /**
   * @param again after which the next look is worth while
   */
  public record Look(Finding finding, Duration again) {}

  /** What is needed to produce a job once more. */
  public record Submitted(String tenant, JobRequest request) {}

  static Response<Long> list(AbstractPipeline pipeline, String id) {
    return pipeline.zadd(INDEX, 0, id);
  }

  /** Whether the holder may sweep now: nobody else does until the time is over or he asks again. */
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
   * Looks at a job's record; expires it when a deadline has passed. The callback of a settled one
   * is listed in the {@link CallbackOutbox}.
   *
   * @param forgotten after which an accepted job counts as forgotten
   */
  public Look look(String id, Duration forgotten) {
    String millis = Long.toString(forgotten.toMillis());
    String keepSeconds = Long.toString(retention.records().toSeconds());
    List<?> answer = (List<?>) scripts.run(SWEEP, id, List.of(), millis, keepSeconds);
    if (answer.size() > 2 && text(answer.get(2)).equals("CALLBACK")) {
      // Whoever settled the job, or heard of it, may be gone.
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

  /** What was asked for; empty when the record is gone. */
  public Optional<Submitted> submitted(String id) {
    List<String> fields =
        redis.call(jedis -> jedis.hmget(new JobKeys(id).job(), "tenant", "request"));
    if (fields.get(1) == null) {
      return Optional.empty();
    }
    return switch (JobRequestReader.read(JobScripts.bytes(fields.get(1)))) {
      case Validated.Valid<JobRequest>(JobRequest request) ->
          Optional.of(new Submitted(fields.get(0), request));
      case Validated.Invalid<JobRequest>(var problems) ->
          throw new IllegalStateException("a job record's request is not ours: " + problems);
    };
  }
}
