package dev.polyptych.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Repeats a round until it is closed, on its own virtual thread. */
public final class PeriodicTask implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Duration first;
  private final Round round;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /** The work to repeat. */
  public interface Round {
    /**
     * Must throw no exception except this one.
     *
     * @return the pause before the next round
     */
    Duration run() throws InterruptedException;

    /** Runs once, after the last round. */
    default void ended() {}
  }

  /**
   * @param name of the thread
   * @param first the pause before the first round
   */
  public PeriodicTask(String name, Duration first, Round round) {
    this.first = first;
    this.round = round;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  /** Call it once. */
  public void start() {
    thread.start();
  }

  /** Whether a long round should end early. Any thread may call it. */
  public boolean closing() {
    return closed.getCount() == 0;
  }

  /** Stops after the current round. Interrupts the round if it does not end within one second. */
  @Override
  public void close() {
    closed.countDown();
    try {
      if (thread.isAlive() && !thread.join(CLOSE_TIMEOUT)) {
        thread.interrupt();
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      Duration pause = first;
      while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = round.run();
      }
    } catch (InterruptedException closing) {
      // Only close() interrupts this thread.
    }
    round.ended();
  }
}
