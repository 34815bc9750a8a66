package dev.polyptych.dispatcher.enqueue;

import java.time.Duration;

/** How long one and the same job has been looked at. Not thread-safe. */
final class StallTimer {
  private final Duration patience;
  private String job = "";
  private long sinceNanos;

  StallTimer(Duration patience) {
    this.patience = patience;
  }

  /** Another job starts its own time. */
  boolean tooLong(String seen, long nowNanos) {
    if (!seen.equals(job)) {
      job = seen;
      sinceNanos = nowNanos;
    }
    return nowNanos - sinceNanos > patience.toNanos();
  }
}
