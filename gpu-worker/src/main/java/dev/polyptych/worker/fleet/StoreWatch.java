package dev.polyptych.worker.fleet;

import dev.polyptych.store.PeriodicTask;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Redis once a second whether it answers. A worker without Redis can claim no job, so after a
 * while it gives its partitions back to workers that may have it, and joins again when Redis
 * answers. Redis may be away for all of them: that ends no process.
 */
public final class StoreWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final BooleanSupplier answers;
  private final Duration limit;
  private final Runnable lost;
  private final Runnable found;
  private final PeriodicTask task = new PeriodicTask("store-watch", LOOK, this::round);

  /** Used by the task alone. */
  private long answeredAt = System.nanoTime();

  private volatile boolean away;

  /**
   * @param answers whether Redis answers now; waits a few seconds at most
   * @param limit time without an answer after which {@code lost} is called
   * @param found called at the first answer after that
   */
  public StoreWatch(BooleanSupplier answers, Duration limit, Runnable lost, Runnable found) {
    this.answers = answers;
    this.limit = limit;
    this.lost = lost;
    this.found = found;
  }

  public void start() {
    task.start();
  }

  @Override
  public void close() {
    task.close();
  }

  /** Whether Redis has been away for so long that the partitions were given back. */
  public boolean away() {
    return away;
  }

  private Duration round() {
    if (answers.getAsBoolean()) {
      answeredAt = System.nanoTime();
      if (away) {
        LOG.info("Redis answers again; this worker joins its group again");
        away = false;
        found.run();
      }
    } else if (!away && System.nanoTime() - answeredAt >= limit.toNanos()) {
      LOG.warn(
          "Redis has not answered for {} s; this worker gives its partitions back until it does",
          limit.toSeconds());
      away = true;
      lost.run();
    }
    return LOOK;
  }
}
