package dev.polyptych.store;

import static dev.polyptych.store.JobScripts.bytes;
import static dev.polyptych.store.JobScripts.text;

import dev.polyptych.schema.job.CallbackState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.params.ZAddParams;
import redis.clients.jedis.params.ZRangeParams;

/**
 * The callbacks that are due. The script that settles a job writes its callback into the job's
 * slot. A separate sorted set holds the time of the next look at each callback. Like {@link
 * OpenJobs}, this set is only a hint. A claim expires: if its holder dies, another dispatcher can
 * claim the callback.
 *
 * <p>Every method throws {@link StoreUnavailableException} when Redis does not answer.
 */
public final class CallbackOutbox {
  private static final String DUE = "callback:due";
  private static final Script CLAIM = Script.load("callback-claim");
  private static final Script REPORT = Script.load("callback-report");
  private static final Script RELIST = Script.load("relist");

  private final RedisConnection redis;
  private final JobScripts scripts;

  public CallbackOutbox(RedisConnection redis) {
    this.redis = redis;
    this.scripts = new JobScripts(redis);
  }

  /**
   * An entry of the hint.
   *
   * @param score as read; a change of the entry applies only to this score
   */
  public record Entry(String job, long score) {}

  /** The answer to a dispatcher that claims a callback. */
  public sealed interface CallbackTurn {
    /**
     * The caller may try it now.
     *
     * @param claim number of the claim; the report repeats it
     * @param tries number of tries, this one included; from 1
     * @param age time since the callback became due
     */
    record Granted(int claim, int tries, Duration age, String url) implements CallbackTurn {}

    /** Not yet: the callback waits for its next try, or another dispatcher tries it now. */
    record Later(Duration left) implements CallbackTurn {}

    /** Nothing is left to do. */
    record Nothing() implements CallbackTurn {}
  }

  /**
   * The result of a try.
   *
   * @param pause until the next try, if the state is pending
   * @param status HTTP status of the answer
   * @param failure empty when it was delivered
   */
  public record Report(
      CallbackState state, Duration pause, Optional<Integer> status, Optional<String> failure) {}

  /** Lists a callback for a look at once. Keeps the time of a callback that is already listed. */
  public void list(String job) {
    list(redis, job);
  }

  static void list(RedisConnection redis, String job) {
    redis.call(jedis -> jedis.zadd(DUE, 0, job, ZAddParams.zAddParams().nx()));
  }

  /** Like {@link #list(String)}, but replaces the time of a callback that is already listed. */
  static void listAnew(RedisConnection redis, String job, Instant at) {
    redis.call(jedis -> jedis.zadd(DUE, (double) at.toEpochMilli(), job));
  }

  /** How many callbacks are listed. */
  public long depth() {
    return redis.call(jedis -> jedis.zcard(DUE));
  }

  /** Entries whose time has come, the longest due first. */
  public List<Entry> due(Instant now, int atMost) {
    ZRangeParams until =
        ZRangeParams.zrangeByScoreParams(0, (double) now.toEpochMilli()).limit(0, atMost);
    return redis.call(jedis -> jedis.zrangeWithScores(DUE, until)).stream()
        .map(tuple -> new Entry(tuple.getElement(), (long) tuple.getScore()))
        .toList();
  }

  /**
   * Claims a callback that is due.
   *
   * @param lost time after which the try counts as lost and another dispatcher may claim the
   *     callback
   */
  public CallbackTurn claim(String job, Duration lost) {
    List<?> answer = (List<?>) run(CLAIM, job, Long.toString(lost.toMillis()));
    return switch (text(answer.getFirst())) {
      case "GRANTED" ->
          new CallbackTurn.Granted(
              Integer.parseInt(text(answer.get(1))),
              Integer.parseInt(text(answer.get(2))),
              Duration.ofMillis(Long.parseLong(text(answer.get(3)))),
              text(answer.get(4)));
      case "LATER" ->
          new CallbackTurn.Later(Duration.ofMillis(Long.parseLong(text(answer.get(1)))));
      default -> new CallbackTurn.Nothing();
    };
  }

  /**
   * Writes the result of a try. {@link Verdict#STALE} if another dispatcher holds the callback now.
   */
  public Verdict report(String job, int claim, Report report) {
    Object answer =
        run(
            REPORT,
            job,
            Integer.toString(claim),
            report.state().text(),
            Long.toString(report.pause().toMillis()),
            report.status().map(status -> Integer.toString(status)).orElse(""),
            report.failure().orElse(""));
    return Verdict.valueOf(text(answer));
  }

  /**
   * Sets the time of the next look at a callback that the caller has claimed. It overrides a change
   * by a dispatcher that saw the same entry but claimed too late.
   */
  public Entry hold(String job, Instant until) {
    listAnew(redis, job, until);
    return new Entry(job, until.toEpochMilli());
  }

  /** Sets the time of the next look, unless the callback was listed again in the meantime. */
  public void lookAgain(Entry seen, Instant at) {
    relist(seen, Long.toString(at.toEpochMilli()));
  }

  /** Removes an entry, unless the callback was listed again in the meantime. */
  public void remove(Entry seen) {
    relist(seen, "");
  }

  private void relist(Entry seen, String score) {
    List<byte[]> arguments =
        List.of(bytes(seen.job()), bytes(Long.toString(seen.score())), bytes(score));
    RELIST.run(redis, List.of(bytes(DUE)), arguments);
  }

  private Object run(Script script, String job, String... arguments) {
    return scripts.run(script, job, List.of(new JobKeys(job).callback()), arguments);
  }
}
