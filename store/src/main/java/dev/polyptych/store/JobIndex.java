package dev.polyptych.store;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ZRangeParams;

/**
 * The ids of a tenant's jobs, or only of its jobs with a callback, sorted by age. They are one
 * sorted set with equal scores, because ids sort by age as texts.
 *
 * <p>An id is written before its record, so a crash never hides a job. An id without a record means
 * that the record has expired or was never written. Readers remove the ids without a record that
 * they find. The index also checks a random sample from time to time. So it stays at most about
 * twice as long as the number of records, even without readers.
 */
final class JobIndex {
  /** The record of a younger id may not be written yet. */
  private static final Duration SETTLING = Duration.ofMinutes(1);

  private static final int TRIM_EVERY = 64;
  private static final int SAMPLE = 2 * TRIM_EVERY;

  private final String family;
  private final RedisConnection redis;
  private final Retention retention;
  private final AtomicLong added = new AtomicLong();

  private JobIndex(String family, RedisConnection redis, Retention retention) {
    this.family = family;
    this.redis = redis;
    this.retention = retention;
  }

  static JobIndex ofAll(RedisConnection redis, Retention retention) {
    return new JobIndex("jobs", redis, retention);
  }

  static JobIndex ofCallbacks(RedisConnection redis, Retention retention) {
    return new JobIndex("callbacks", redis, retention);
  }

  List<Response<?>> add(
      AbstractPipeline pipeline, String tenant, String id, Optional<String> batch) {
    List<Response<?>> answers = new ArrayList<>(List.of(pipeline.zadd(key(tenant), 0, id)));
    batch.ifPresent(
        label -> {
          // A job may wait as long as lanes keep records, which is at most as long as outcomes are
          // kept. So the batch lives at least as long as the record of its last job.
          String key = batchKey(tenant, label);
          answers.add(pipeline.zadd(key, 0, id));
          answers.add(
              pipeline.expire(key, retention.tombstones().plus(retention.records()).toSeconds()));
        });
    return answers;
  }

  /** Call it for each id that was added, with the creation time of the id. */
  void trimSometimes(String tenant, Instant now) {
    if (added.incrementAndGet() % TRIM_EVERY == 0) {
      List<String> sample = redis.call(jedis -> jedis.zrandmember(key(tenant), SAMPLE));
      Map<String, Boolean> present = present(sample);
      removeGone(tenant, sample.stream().filter(sampled -> !present.get(sampled)).toList(), now);
    }
  }

  /**
   * Ids older than {@code before}, newest first.
   *
   * @param before empty for the newest
   */
  List<String> before(String tenant, String before, int most) {
    return before(tenant, Optional.empty(), "", before, most);
  }

  /**
   * Like the other method.
   *
   * @param batch only the ids of this batch
   * @param least no id that sorts before this one
   */
  List<String> before(
      String tenant, Optional<String> batch, String least, String before, int most) {
    String from = before.isEmpty() ? "+" : "(" + before;
    String to = least.isEmpty() ? "-" : "[" + least;
    ZRangeParams older = ZRangeParams.zrangeByLexParams(from, to).rev().limit(0, most);
    String ids = batch.map(label -> batchKey(tenant, label)).orElseGet(() -> key(tenant));
    return redis.call(jedis -> jedis.zrange(ids, older));
  }

  /**
   * Ids of a batch younger than {@code after}, oldest first.
   *
   * @param after empty for the oldest
   */
  List<String> ofBatch(String tenant, String batch, String after, int most) {
    String from = after.isEmpty() ? "-" : "(" + after;
    ZRangeParams younger = ZRangeParams.zrangeByLexParams(from, "+").limit(0, most);
    return redis.call(jedis -> jedis.zrange(batchKey(tenant, batch), younger));
  }

  /** Removes ids without a record. Keeps very young ids: their record may not be written yet. */
  void removeGone(String tenant, List<String> gone, Instant now) {
    Instant settled = now.minus(SETTLING);
    String[] old =
        gone.stream()
            .filter(id -> JobId.time(id).filter(settled::isAfter).isPresent())
            .toArray(String[]::new);
    if (old.length > 0) {
      redis.call(jedis -> jedis.zrem(key(tenant), old));
    }
  }

  private Map<String, Boolean> present(List<String> ids) {
    return redis.call(
        jedis -> {
          Map<String, Response<Boolean>> answers = new LinkedHashMap<>();
          try (AbstractPipeline pipeline = jedis.pipelined()) {
            ids.forEach(id -> answers.put(id, pipeline.exists(new JobKeys(id).job())));
          }
          Map<String, Boolean> present = new LinkedHashMap<>();
          answers.forEach((id, answer) -> present.put(id, answer.get()));
          return present;
        });
  }

  private static String batchKey(String tenant, String batch) {
    return "batch:" + tenant + ":" + batch;
  }

  private String key(String tenant) {
    return family + ":" + tenant;
  }
}
