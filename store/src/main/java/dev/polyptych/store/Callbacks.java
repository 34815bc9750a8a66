package dev.polyptych.store;

import static dev.polyptych.store.JobScripts.text;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.Callback;
import dev.polyptych.schema.job.CallbackPage;
import dev.polyptych.schema.job.CallbackState;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * Callbacks as callers see them. A callback is kept as long as the record of its job. Every method
 * throws {@link StoreUnavailableException} when Redis does not answer.
 */
public final class Callbacks {
  private static final Script REDELIVER = Script.load("callback-redeliver");

  private final RedisConnection redis;
  private final JobScripts scripts;
  private final JobIndex index;
  private final Clock clock;

  public Callbacks(RedisConnection redis, Retention retention, Clock clock) {
    this.redis = redis;
    this.scripts = new JobScripts(redis);
    this.index = JobIndex.ofCallbacks(redis, retention);
    this.clock = clock;
  }

  /** Empty if the job is open or named no address. */
  public Optional<Callback> find(String job) {
    String key = new JobKeys(job).callback();
    return callback(job, redis.call(jedis -> jedis.hgetAll(key)));
  }

  /** Makes the callback due in any state and returns its new state; empty if there is none. */
  public Optional<Callback> redeliver(String job) {
    Object answer = scripts.run(REDELIVER, job, List.of(new JobKeys(job).callback()));
    if (Verdict.valueOf(text(answer)) != Verdict.DONE) {
      return Optional.empty();
    }
    CallbackOutbox.listAnew(redis, job, clock.instant());
    return find(job);
  }

  /**
   * A page of callbacks. Open jobs have none yet.
   *
   * @param before position of the cursor; empty to start with the newest jobs
   * @param limit how many at most
   */
  public CallbackPage page(String tenant, Optional<CallbackState> state, String before, int limit) {
    List<Callback> found = new ArrayList<>();
    IdPage page =
        IdPage.of(
            (last, most) -> index.before(tenant, last, most),
            before,
            limit,
            ids -> {
              List<Callback> passing = passing(ids, state);
              found.addAll(passing);
              return passing.stream().map(Callback::job).toList();
            });
    return new CallbackPage(1, found.subList(0, page.ids().size()), page.cursor());
  }

  private List<Callback> passing(List<String> jobs, Optional<CallbackState> state) {
    return redis.call(
        jedis -> {
          List<Response<Map<String, String>>> hashes = new ArrayList<>();
          try (AbstractPipeline pipeline = jedis.pipelined()) {
            jobs.forEach(job -> hashes.add(pipeline.hgetAll(new JobKeys(job).callback())));
          }
          List<Callback> passing = new ArrayList<>();
          for (int i = 0; i < jobs.size(); i++) {
            callback(jobs.get(i), hashes.get(i).get())
                .filter(callback -> state.isEmpty() || state.get() == callback.state())
                .ifPresent(passing::add);
          }
          return passing;
        });
  }

  private static Optional<Callback> callback(String job, Map<String, String> hash) {
    if (hash.isEmpty()) {
      return Optional.empty();
    }
    CallbackState state = CallbackState.of(hash.get("state"));
    return Optional.of(
        new Callback(
            1,
            job,
            hash.get("url"),
            state,
            Integer.parseInt(hash.get("tries")),
            time(hash, "settledAt").orElseThrow(),
            time(hash, "dueAt").filter(due -> state == CallbackState.PENDING),
            time(hash, "triedAt"),
            filled(hash, "status").map(Integer::parseInt),
            filled(hash, "failure")));
  }

  private static Optional<Instant> time(Map<String, String> hash, String field) {
    return filled(hash, field).map(Long::parseLong).map(Instant::ofEpochMilli);
  }

  private static Optional<String> filled(Map<String, String> hash, String field) {
    return Optional.ofNullable(hash.get(field)).filter(text -> !text.isEmpty());
  }
}
