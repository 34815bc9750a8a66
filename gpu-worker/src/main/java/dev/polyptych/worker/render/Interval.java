package dev.polyptych.worker.render;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** When something that is made every so often is due again. Render thread only. */
final class Interval {
  private final Duration apart;
  private final Clock clock;
  private Instant last;

  /**
   * @param apart zero: at every question
   */
  Interval(Duration apart, Clock clock) {
    this.apart = apart;
    this.clock = clock;
    this.last = clock.instant();
  }

  /** Whether one is to be made now; then the next is due that long after. */
  boolean due() {
    Instant now = clock.instant();
    boolean due = !now.isBefore(last.plus(apart));
    if (due) {
      last = now;
    }
    return due;
  }
}
