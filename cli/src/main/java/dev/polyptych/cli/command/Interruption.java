package dev.polyptych.cli.command;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C or SIGTERM as a question that long work can ask: while this is open the process waits,
 * bounded, until the work has seen it and closed this.
 */
public final class Interruption implements AutoCloseable {
  /** A step of a large model on a CPU, and a checkpoint to a slow disk. */
  private static final long MOST_MINUTES = 10;

  private final AtomicBoolean asked = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  /**
   * @param screen is told that the wish was heard
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
        screen.println("the step did not end in time; the last checkpoint stands");
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
        // It came just now; the hook runs and finds the work ended.
      }
    }
  }
}
