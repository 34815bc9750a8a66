package dev.polyptych.dispatcher.enqueue;

import java.time.Duration;

/** Measures how long the same job has been the one under observation. Not thread-safe. */
final class StallTimer {
  private final Duration patience;
  private String job = "";
  private long sinceNanos;

  StallTimer(Duration patience) {
    this.patience = patience;
  }

  /** A different job restarts the timer. */
  boolean tooLong(String seen, long nowNanos) {
    if (!seen.equals(job)) {
      job = seen;
      sinceNanos = nowNanos;
    }
    return nowNanos - sinceNanos > patience.toNanos();
  }
}
