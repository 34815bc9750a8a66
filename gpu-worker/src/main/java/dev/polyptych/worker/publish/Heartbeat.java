package dev.polyptych.worker.publish;

import dev.polyptych.schema.store.StoreUnavailableException;
import dev.polyptych.schema.store.WorkerDirectory;
import dev.polyptych.schema.store.WorkerHeartbeat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the worker in the directory of live workers, from a virtual thread of its own. What routing
 * goes by is told within a second, everything else every five.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final WorkerDirectory directory;
  private final Supplier<WorkerHeartbeat> now;
  private final String worker;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;

  /**
   * @param now asked on the heartbeat's thread
   */
  public Heartbeat(WorkerDirectory directory, String worker, Supplier<WorkerHeartbeat> now) {
    this.directory = directory;
    this.worker = worker;
    this.now = now;
    this.thread = Thread.ofVirtual().name("heartbeat").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Leaves the directory, when Redis answers in time; else the entry runs out by itself. */
  @Override
  public void close() {
    stopped.countDown();
    try {
      thread.join(CLOSE_TIMEOUT);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      Essence told = null;
      long toldAt = 0;
      do {
        WorkerHeartbeat heartbeat = now.get();
        boolean due = System.nanoTime() - toldAt >= EVERY.toNanos();
        if (told == null || due || !told.equals(Essence.of(heartbeat))) {
          tell(() -> directory.beat(heartbeat));
          told = Essence.of(heartbeat);
          toldAt = System.nanoTime();
        }
      } while (!stopped.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException nobodyInterruptsThis) {
      Thread.currentThread().interrupt();
    }
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
