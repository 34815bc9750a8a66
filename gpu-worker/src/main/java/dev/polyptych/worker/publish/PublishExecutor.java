package dev.polyptych.worker.publish;

import dev.polyptych.worker.metrics.PublishMetrics;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs a bounded number of tasks, each on its own virtual thread. A submitter waits while all
 * places are taken.
 */
final class PublishExecutor {
  private static final long LOOK_AROUND_MILLIS = 200;

  private final int size;
  private final Semaphore places;
  private final PublishMetrics metrics;
  private final Consumer<Throwable> onBug;
  private volatile boolean stopping;

  /**
   * @param size each place may hold a sheet's pixels and its encoded images
   * @param onBug gets exceptions that leave a task
   */
  PublishExecutor(int size, PublishMetrics metrics, Consumer<Throwable> onBug) {
    this.size = size;
    this.places = new Semaphore(size);
    this.metrics = metrics;
    this.onBug = onBug;
  }

  /** False when the worker stops and no place is free. Then the task does not run. */
  boolean submit(Runnable task) {
    if (!places.tryAcquire() && !awaitPlace()) {
      return false;
    }
    start(
        () -> {
          try {
            task.run();
          } finally {
            places.release();
          }
        });
    return true;
  }

  /** Runs a task that takes no place. For callers that have their own bound and must not wait. */
  void start(Runnable task) {
    // The job's span stays the current span on the new thread.
    Thread.ofVirtual()
        .name("publish")
        .start(
            Context.current()
                .wrap(
                    () -> {
                      try {
                        task.run();
                      } catch (RuntimeException | Error bug) {
                        onBug.accept(bug);
                      }
                    }));
  }

  /** From now on no submitter waits for a place. */
  void stopWaiting() {
    stopping = true;
  }

  /** Waits until no task runs; false on timeout. */
  boolean awaitIdle(Duration atMost) throws InterruptedException {
    boolean idle = places.tryAcquire(size, atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (idle) {
      places.release(size);
    }
    return idle;
  }

  private boolean awaitPlace() {
    metrics.stalled();
    try {
      while (!stopping) {
        if (places.tryAcquire(LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
