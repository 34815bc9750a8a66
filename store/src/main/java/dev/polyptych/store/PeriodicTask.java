package dev.polyptych.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Does the same again and again until it is closed, from a virtual thread of its own. */
public final class PeriodicTask implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Duration first;
  private final Round round;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /** What is done. */
  public interface Round {
    /**
     * Must let no exception out but this one.
     *
     * @return the pause before it is done again
     */
    Duration run() throws InterruptedException;

    /** Done once, after the last round. */
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

  /** To be called once. */
  public void start() {
    thread.start();
  }

  /** Whether a long round should come to its end. Any thread. */
  public boolean closing() {
    return closed.getCount() == 0;
  }

  /** Ends after the round that is under way, which is interrupted when it takes a second more. */
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
      // By close() alone.
    }
    round.ended();
  }
}
