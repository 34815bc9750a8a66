package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.config.Retention;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which job an idempotency key stands for. A key is written before its job's record, with its time
 * to live, so that no crash leaves a job that its key does not know, or a key that stays for ever.
 * It does not outlive the record: that is kept as long from when the job settles.
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
   * The job that the key stands for: {@code job} from now on where it was free. Empty when it
   * stands for a request with another digest.
   */
  public Optional<String> reserve(IdempotencyKey key, String job) {
    String seconds = Long.toString(retention.records().toSeconds());
    return Optional.of(run(RESERVE, key, job, key.digest(), seconds))
        .filter(held -> !held.isEmpty());
  }

  /** Restarts the key's time to live, while its job is open. */
  public void keep(IdempotencyKey key) {
    redis.call(jedis -> jedis.expire(key.name(), retention.records().toSeconds()));
  }

  /** Frees the key if it stands for this job. */
  public void forget(IdempotencyKey key, String job) {
    run(FORGET, key, job);
  }

  private String run(Script script, IdempotencyKey key, String... arguments) {
    List<byte[]> keys = List.of(key.name().getBytes(UTF_8));
    List<byte[]> all = Stream.of(arguments).map(argument -> argument.getBytes(UTF_8)).toList();
    return new String((byte[]) script.run(redis, keys, all), UTF_8);
  }
}
