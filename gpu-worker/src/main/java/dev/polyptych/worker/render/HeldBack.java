package dev.polyptych.worker.render;

import dev.polyptych.worker.intake.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** The waiting jobs whose time for another try has not come. */
final class HeldBack {
  private HeldBack() {}

  static int count(Collection<Delivery> waiting, String topic, Instant now) {
    return (int)
        waiting.stream()
            .filter(job -> job.place().partition().topic().equals(topic) && job.heldBackAt(now))
            .count();
  }

  /** Nanoseconds until the first of them may begin, at least a millisecond's. */
  static long untilNext(Collection<Delivery> waiting, Instant now) {
    return waiting.stream()
        .filter(job -> job.heldBackAt(now))
        .map(job -> Duration.between(now, job.headers().notBefore().orElseThrow()))
        .mapToLong(wait -> wait.plusMillis(1).toNanos())
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
