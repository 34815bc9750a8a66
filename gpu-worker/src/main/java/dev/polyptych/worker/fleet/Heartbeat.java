package dev.polyptych.worker.fleet;

import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.store.PeriodicTask;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.WorkerDirectory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the worker in the directory of live workers, on its own virtual thread. Changes that
 * routing depends on are sent within a second, everything else every five.
 */
public final class Heartbeat implements PeriodicTask.Round, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final WorkerDirectory directory;
  private final Supplier<WorkerHeartbeat> now;
  private final String worker;
  private final PeriodicTask task = new PeriodicTask("heartbeat", Duration.ZERO, this);

  /** What was sent last, and when. Used by the task alone. */
  private Optional<Essence> sent = Optional.empty();

  private long sentAt;

  /** Whether the log says that Redis is away. */
  private boolean away;

  /**
   * @param now asked on the heartbeat's thread
   */
  public Heartbeat(WorkerDirectory directory, String worker, Supplier<WorkerHeartbeat> now) {
    this.directory = directory;
    this.worker = worker;
    this.now = now;
  }

  public void start() {
    task.start();
  }

  /** Sends one now. Any thread. */
  public void now() {
    send(() -> directory.beat(now.get()));
  }

  /** Leaves the directory if Redis answers in time. Otherwise the entry expires. */
  @Override
  public void close() {
    task.close();
  }

  @Override
  public Duration run() {
    WorkerHeartbeat heartbeat = now.get();
    Optional<Essence> essence = Optional.of(Essence.of(heartbeat));
    boolean due = System.nanoTime() - sentAt >= EVERY.toNanos();
    if (due || !sent.equals(essence)) {
      send(() -> directory.beat(heartbeat));
      sent = essence;
      sentAt = System.nanoTime();
    }
    return LOOK;
  }

  @Override
  public void ended() {
    // The entry of a stuck worker expires by itself, so that dispatchers see it.
    if (!now.get().stuck()) {
      send(() -> directory.leave(worker));
    }
  }

  /** Sent at once when it changes. Otherwise jobs would go to the wrong worker for seconds. */
  private record Essence(
      List<Integer> partitions,
      boolean loading,
      Optional<String> adapter,
      boolean idle,
      Abilities.Report abilities,
      List<String> fetching) {
    static Essence of(WorkerHeartbeat heartbeat) {
      return new Essence(
          heartbeat.partitions(),
          heartbeat.loading(),
          heartbeat.adapter(),
          heartbeat.job().isEmpty() && heartbeat.waiting() == 0,
          heartbeat.abilities(),
          heartbeat.fetching());
    }
  }

  /** Tells once that Redis is away, and once that it is back. */
  private void send(Runnable call) {
    try {
      call.run();
      if (away) {
        LOG.info("Redis answers again");
      }
      away = false;
    } catch (StoreUnavailableException failed) {
      if (!away) {
        LOG.warn(
            "no heartbeat: {}. Start Redis, or name another one in the setting redis",
            failed.getMessage());
      }
      away = true;
    }
  }
}
