package dev.polyptych.worker.render;

import java.time.Duration;
import java.time.Instant;

/**
 * Which steps readers are told of: the first and the last that are reported, and between them at
 * most two a second. Not thread-safe.
 */
final class Announcements {
  static final Duration APART = Duration.ofMillis(500);

  private final int steps;
  private Instant last = Instant.MIN;

  Announcements(int steps) {
    this.steps = steps;
  }

  /** Whether a completed step is to be announced now; step 0 never is, since the claim was. */
  boolean due(int step, Instant now) {
    boolean due = step > 0 && (step == steps || !now.isBefore(next()));
    if (due) {
      last = now;
    }
    return due;
  }

  private Instant next() {
    return last.equals(Instant.MIN) ? Instant.MIN : last.plus(APART);
  }
}
