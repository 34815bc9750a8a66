package dev.polyptych.dispatcher.health;

import dev.polyptych.dispatcher.metrics.StoreMemoryMetrics;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.StoreUnavailableException;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks whether Redis answers, and how full it is if Redis reports that. One thread at a time. */
public final class StoreProbe implements Callable<Boolean> {
  private static final Logger LOG = LoggerFactory.getLogger(StoreProbe.class);

  private final RedisConnection redis;
  private final StoreMemoryMetrics metrics;

  public StoreProbe(RedisConnection redis, StoreMemoryMetrics metrics) {
    this.redis = redis;
    this.metrics = metrics;
  }

  @Override
  public Boolean call() {
    boolean up = redis.answers();
    try {
      if (up) {
        metrics.seen(redis.memory());
      } else {
        metrics.unseen();
      }
    } catch (StoreUnavailableException refused) {
      LOG.debug("Redis does not tell its memory: {}", refused.getMessage());
      metrics.unseen();
    }
    return up;
  }
}
