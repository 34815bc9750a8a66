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
 * Callbacks that are due. Each lies in its job's slot, written by the script that settles the job;
 * beside them one sorted set, a hint as {@link OpenJobs} is one, tells when which is worth a look.
 * A claim is good for a while: who dies with it leaves the callback to others.
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
   * @param score as it was seen; a change of the entry names it
   */
  public record Entry(String job, long score) {}

  /** The answer to a dispatcher that claims a callback. */
  public sealed interface CallbackTurn {
    /**
     * It is the caller's to try.
     *
     * @param claim number that the report names
     * @param tries with this one, from 1
     * @param age since it became due
     */
    record Granted(int claim, int tries, Duration age, String url) implements CallbackTurn {}

    /** Nothing before then: it waits, or another tries it. */
    record Later(Duration left) implements CallbackTurn {}

    /** Nothing any more. */
    record Nothing() implements CallbackTurn {}
  }

  /**
   * What came of a try.
   *
   * @param pause until the next one, where the state is pending
   * @param status that was answered
   * @param failure empty when it was delivered
   */
  public record Report(
      CallbackState state, Duration pause, Optional<Integer> status, Optional<String> failure) {}

  /** Makes sure that a callback is looked at. */
  public void list(String job) {
    list(redis, job);
  }

  static void list(RedisConnection redis, String job) {
    redis.call(jedis -> jedis.zadd(DUE, 0, job, ZAddParams.zAddParams().nx()));
  }

  /** As {@link #list(String)}, also where it was listed for later. */
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
   * Takes a callback that is due.
   *
   * @param lost after which another may have it
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

  /** {@link Verdict#STALE} when another has it by now. */
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
   * The entry of a callback whose turn the caller was granted: looked at again then, whatever those
   * have made of it who saw it at the same time and came too late.
   */
  public Entry hold(String job, Instant until) {
    listAnew(redis, job, until);
    return new Entry(job, until.toEpochMilli());
  }

  /** Looked at again then, unless it was listed again meanwhile. */
  public void lookAgain(Entry seen, Instant at) {
    relist(seen, Long.toString(at.toEpochMilli()));
  }

  /** Unless it was listed again meanwhile. */
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
