package dev.polyptych.store;

import static dev.polyptych.store.JobScripts.text;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
  private static final Script REPLACE = Script.load("replace");

  /** A place that is not known. */
  private static final String UNKNOWN = "-";

  private final RedisConnection redis;
  private final JobScripts scripts;
  private final Retention retention;
  private final Reservations reservations;

  public OpenJobs(RedisConnection redis, Retention retention) {
    this.redis = redis;
    this.scripts = new JobScripts(redis);
    this.retention = retention;
    this.reservations = new Reservations(redis);
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
   * @param job present for a job that was produced and has not ended
   */
  public record Look(Finding finding, Duration again, Optional<OpenJob> job) {}

  /**
   * A job that was produced and has not ended.
   *
   * @param topic of its latest record
   * @param place of that record; empty if unknown
   * @param standing its state, attempt, version and place in one text
   */
  public record OpenJob(String id, String topic, Optional<QueuePlace> place, String standing) {}

  /** What became of a job whose record no worker will get. */
  public sealed interface Replacement {
    /** It stands otherwise by now. */
    record Otherwise() implements Replacement {}

    /** It must be found so again, after the lease. */
    record Suspected() implements Replacement {}

    /** It failed: {@code LOST_BY_STORE}. */
    record Failed() implements Replacement {}

    /** It is queued. The caller must produce a record of this version. */
    record Again(RecordVersion version) implements Replacement {}
  }

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
   * @param longest the most time until the next look
   */
  public Look look(String id, Duration forgotten, Duration longest) {
    String millis = Long.toString(forgotten.toMillis());
    String most = Long.toString(longest.toMillis());
    List<?> answer = (List<?>) scripts.run(SWEEP, id, List.of(), millis, keepSeconds(), most);
    if (answer.size() > 2 && text(answer.get(2)).equals("CALLBACK")) {
      // The process that settled the job may have died before it listed the callback.
      CallbackOutbox.list(redis, id);
    }
    return new Look(
        Finding.valueOf(text(answer.get(0))),
        Duration.ofMillis(Long.parseLong(text(answer.get(1)))),
        answer.size() > 3
            ? Optional.of(open(id, text(answer.get(3)), text(answer.get(4)), text(answer.get(5))))
            : Optional.empty());
  }

  private static OpenJob open(String id, String lane, String standing, String known) {
    String topic = known.isEmpty() ? Topics.inbox(Lane.of(lane)) : known;
    String[] parts = standing.split(" ");
    Optional<QueuePlace> place =
        parts[4].equals(UNKNOWN)
            ? Optional.empty()
            : Optional.of(
                new QueuePlace(topic, Integer.parseInt(parts[3]), Long.parseLong(parts[4])));
    return new OpenJob(id, topic, place, standing);
  }

  /**
   * Takes up a job whose record no worker will get. Once it has been found so twice, with the same
   * standing, it is queued again, or it fails if its attempts are used up or it is older than
   * records are kept.
   *
   * @param lease time between the two findings
   */
  public Replacement replace(OpenJob job, Duration lease) {
    List<?> answer =
        (List<?>)
            scripts.run(
                REPLACE,
                job.id(),
                List.of(),
                job.standing(),
                Long.toString(lease.toMillis()),
                Integer.toString(JobStore.MAX_ATTEMPTS),
                keepSeconds());
    return switch (text(answer.get(0))) {
      case "SUSPECTED" -> new Replacement.Suspected();
      case "AGAIN" ->
          new Replacement.Again(RecordVersion.of(Integer.parseInt(text(answer.get(1)))));
      case "FAILED" -> {
        reservations.release(job.id());
        yield new Replacement.Failed();
      }
      default -> new Replacement.Otherwise();
    };
  }

  /** How many jobs are listed. */
  public long count() {
    return redis.call(jedis -> jedis.zcard(INDEX));
  }

  private String keepSeconds() {
    return Long.toString(retention.records().toSeconds());
  }

  public void lookAgain(String id, Instant at) {
    redis.together(pipeline -> pipeline.zadd(INDEX, (double) at.toEpochMilli(), id));
  }

  public void remove(String id) {
    redis.together(pipeline -> pipeline.zrem(INDEX, id));
  }
}
