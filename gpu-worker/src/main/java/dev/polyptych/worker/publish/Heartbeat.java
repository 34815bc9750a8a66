package dev.polyptych.worker.publish;

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
 * Keeps the worker in the directory of live workers, from a virtual thread of its own. What routing
 * goes by is told within a second, everything else every five.
 */
public final class Heartbeat implements PeriodicTask.Round, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final WorkerDirectory directory;
  private final Supplier<WorkerHeartbeat> now;
  private final String worker;
  private final PeriodicTask rounds = new PeriodicTask("heartbeat", Duration.ZERO, this);

  /** What was told last, and when; the rounds alone use them. */
  private Optional<Essence> told = Optional.empty();

  private long toldAt;

  /**
   * @param now asked on the heartbeat's thread
   */
  public Heartbeat(WorkerDirectory directory, String worker, Supplier<WorkerHeartbeat> now) {
    this.directory = directory;
    this.worker = worker;
    this.now = now;
  }

  public void start() {
    rounds.start();
  }

  /** Leaves the directory, when Redis answers in time; else the entry runs out by itself. */
  @Override
  public void close() {
    rounds.close();
  }

  @Override
  public Duration run() {
    WorkerHeartbeat heartbeat = now.get();
    Optional<Essence> essence = Optional.of(Essence.of(heartbeat));
    boolean due = System.nanoTime() - toldAt >= EVERY.toNanos();
    if (due || !told.equals(essence)) {
      tell(() -> directory.beat(heartbeat));
      told = essence;
      toldAt = System.nanoTime();
    }
    return LOOK;
  }

  @Override
  public void ended() {
    tell(() -> directory.leave(worker));
  }

  /** What must not be known late: jobs would go to the wrong worker for seconds. */
  private record Essence(
      List<Integer> partitions, boolean loading, Optional<String> adapter, boolean idle) {
    static Essence of(WorkerHeartbeat heartbeat) {
      return new Essence(
          heartbeat.partitions(),
          heartbeat.loading(),
          heartbeat.adapter(),
          heartbeat.job().isEmpty() && heartbeat.waiting() == 0);
    }
  }

  private static void tell(Runnable call) {
    try {
      call.run();
    } catch (StoreUnavailableException away) {
      LOG.warn("no heartbeat: {}", away.getMessage());
    }
  }
}
