package dev.polyptych.cli.command;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets long work end well after Ctrl-C or SIGTERM. The work polls {@link #asked}; the process waits
 * until the work closes this, for ten minutes at most.
 */
public final class Interruption implements AutoCloseable {
  /** Enough for a step of a large model on a CPU and a checkpoint on a slow disk. */
  private static final long MOST_MINUTES = 10;

  private final AtomicBoolean asked = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  /**
   * @param screen gets a line when the signal arrives
   */
  public Interruption(PrintWriter screen) {
    this.hook = new Thread(() -> stop(screen), "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public boolean asked() {
    return asked.get();
  }

  private void stop(PrintWriter screen) {
    asked.set(true);
    screen.printf("%nstopping after this step …%n");
    screen.flush();
    try {
      boolean inTime = ended.await(MOST_MINUTES, TimeUnit.MINUTES);
      if (!inTime) {
        screen.println("the step did not end in time; the last checkpoint is valid");
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    if (!asked()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException stopping) {
        // The signal came just now. The hook runs and finds that the work has ended.
      }
    }
  }
}
