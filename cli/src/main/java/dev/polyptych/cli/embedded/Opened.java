package dev.polyptych.cli.embedded;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what was opened, in reverse order, and all of it even if one part fails. */
public final class Opened implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  public <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
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
