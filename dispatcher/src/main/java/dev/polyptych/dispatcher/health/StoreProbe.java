package dev.polyptych.dispatcher.health;

import dev.polyptych.dispatcher.metrics.StoreMemoryMetrics;
import dev.polyptych.schema.config.HostNames;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.StoreMemory;
import dev.polyptych.store.StoreUnavailableException;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks whether Redis answers and keeps what it is given, and how full it is. Redis need not say
 * the last two ({@code +info}). One thread at a time looks; any may ask.
 */
public final class StoreProbe implements BackendProbe.Look {
  private static final Logger LOG = LoggerFactory.getLogger(StoreProbe.class);

  /** One answer may take a second on a busy machine. While this says no, all other calls fail. */
  private static final int TRIES = 3;

  private final RedisConnection redis;
  private final StoreMemoryMetrics metrics;
  private volatile boolean answers;
  private volatile Optional<String> eviction = Optional.empty();

  /**
   * @param redis a connection that gives up soon
   */
  public StoreProbe(RedisConnection redis, StoreMemoryMetrics metrics) {
    this.redis = redis;
    this.metrics = metrics;
  }

  /** Whether Redis answered at the latest look. */
  public boolean answers() {
    return answers;
  }

  /** That Redis deletes keys when its memory is full, and the remedy. */
  public Optional<String> eviction() {
    return eviction;
  }

  @Override
  public Optional<String> problem() {
    answers = IntStream.range(0, TRIES).anyMatch(attempt -> redis.answers());
    if (!answers) {
      metrics.unseen();
      return Optional.of(
          "Redis at %s does not answer%s: start it, or name another one in the setting redis"
              .formatted(redis.where(), HostNames.unknown(redis.where())));
    }
    try {
      StoreMemory memory = redis.memory();
      metrics.seen(memory);
      eviction = memory.evicts() ? Optional.of(remedy(memory.policy())) : Optional.empty();
    } catch (StoreUnavailableException refused) {
      LOG.debug("Redis does not tell its memory: {}", refused.getMessage());
      metrics.unseen();
    }
    return eviction;
  }

  private String remedy(String policy) {
    return "Redis at %s deletes accepted jobs when its memory is full (maxmemory-policy %s): run it"
            .formatted(redis.where(), policy)
        + " with maxmemory-policy noeviction";
  }
}
