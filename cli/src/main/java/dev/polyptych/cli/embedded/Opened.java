package dev.polyptych.cli.embedded;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what was opened, in reverse order, and all of it even if one part fails; at the end of
 * this JVM at the latest. Safe for all threads: a second call of close waits for the first.
 */
public final class Opened implements AutoCloseable {
  private final Thread hook = new Thread(this::closeAll, "close-all");

  @GuardedBy("this")
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  @GuardedBy("this")
  private boolean closed;

  public Opened() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * @throws IllegalStateException when all was closed meanwhile; the part is closed, too
   */
  public synchronized <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    if (closed) {
      closeAll();
      throw new IllegalStateException("the start was broken off");
    }
    return part;
  }

  @Override
  public void close() {
    closeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // The JVM ends. Its hook finds nothing open.
    }
  }

  private synchronized void closeAll() {
    closed = true;
    RuntimeException failure = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception failed) {
        if (failure == null) {
          failure = new IllegalStateException("not everything could be closed", failed);
        } else {
          failure.addSuppressed(failed);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
