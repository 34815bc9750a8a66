package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.config.Retention;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Maps idempotency keys to jobs. A key is written before the record of its job, so a crash never
 * leaves a job without its key. The key is written together with its time to live, so a crash never
 * leaves a permanent key. The key does not outlive the record: the record is kept for the same
 * time, counted from when the job settles.
 *
 * <p>Every method throws {@link StoreUnavailableException} when Redis does not answer; asking again
 * is safe.
 */
public final class IdempotencyKeys {
  private static final Script RESERVE = Script.load("reserve");
  private static final Script FORGET = Script.load("forget");

  private final RedisConnection redis;
  private final Retention retention;

  public IdempotencyKeys(RedisConnection redis, Retention retention) {
    this.redis = redis;
    this.retention = retention;
  }

  /**
   * Returns the job of the key. A free key is assigned to {@code job}. Empty if the key belongs to
   * a request with another digest.
   */
  public Optional<String> reserve(IdempotencyKey key, String job) {
    String seconds = Long.toString(retention.records().toSeconds());
    return Optional.of(run(RESERVE, key, job, key.digest(), seconds))
        .filter(held -> !held.isEmpty());
  }

  /** The job of the key; empty if it is free or belongs to a request with another digest. */
  public Optional<String> find(IdempotencyKey key) {
    List<String> held = redis.call(jedis -> jedis.hmget(key.name(), "job", "digest"));
    return Optional.ofNullable(held.get(0)).filter(job -> key.digest().equals(held.get(1)));
  }

  /** Restarts the key's time to live, while its job is open. */
  public void keep(IdempotencyKey key) {
    redis.call(jedis -> jedis.expire(key.name(), retention.records().toSeconds()));
  }

  /** Frees the key if it belongs to this job. */
  public void forget(IdempotencyKey key, String job) {
    run(FORGET, key, job);
  }

  private String run(Script script, IdempotencyKey key, String... arguments) {
    List<byte[]> keys = List.of(key.name().getBytes(UTF_8));
    List<byte[]> all = Stream.of(arguments).map(argument -> argument.getBytes(UTF_8)).toList();
    return new String((byte[]) script.run(redis, keys, all), UTF_8);
  }
}
