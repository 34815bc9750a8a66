package dev.polyptych.dispatcher;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes its parts in reverse order. If one fails to close, the others are still closed. */
final class ClosingStack implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClosingStack.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T part) {
    opened.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (Exception broken) {
        LOG.warn("{} did not close in good order", part.getClass().getSimpleName(), broken);
      }
    }
  }
}
