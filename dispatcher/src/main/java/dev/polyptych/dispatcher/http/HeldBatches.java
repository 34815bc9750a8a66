package dev.polyptych.dispatcher.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The batches of this process that their tenants' rates hold back. They take at most half of the
 * places of all batches, so they can't keep other tenants out. A batch that finds no place here is
 * not held back: its lines are refused. Safe for any number of threads.
 */
public final class HeldBatches {
  private final Set<BatchStream> held = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  /** Whether the batch may be held back. */
  synchronized boolean hold(BatchStream batch, int most) {
    return !closing && (held.contains(batch) || (held.size() < most && held.add(batch)));
  }

  void ended(BatchStream batch) {
    held.remove(batch);
  }

  /** Refuses all lines that are held back, and holds back no more. */
  public void endAll() {
    synchronized (this) {
      closing = true;
    }
    held.forEach(BatchStream::refuseHeld);
  }
}
