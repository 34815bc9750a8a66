package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.error.LimitHit;
import java.time.Duration;
import java.util.Optional;

/** Decides how long a line of one batch waits for its tenant's rate. Not thread-safe. */
final class RateHold {
  /** A batch is not held back for longer. */
  static final Duration LONGEST_BATCH = Duration.ofMinutes(10);

  /** No answer is silent for longer, because the connection counts as dead after a while. */
  static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

  private final long beganNanos;
  private long answeredNanos;

  RateHold(long nowNanos) {
    this.beganNanos = nowNanos;
    this.answeredNanos = nowNanos;
  }

  /** A line got its verdict. */
  void answered(long nowNanos) {
    answeredNanos = nowNanos;
  }

  /** The time after which to try a line again; empty if it must be refused. */
  Optional<Duration> wait(LimitHit rate, long nowNanos) {
    // A whole token takes this long. The limit tells whole seconds only.
    Duration token = Duration.ofMillis((long) Math.ceil(1000 / rate.value()));
    Duration told = Duration.ofSeconds(rate.retryAfterSeconds());
    Duration wait = token.compareTo(told) < 0 ? token : told;
    boolean inTime =
        Duration.ofNanos(nowNanos - beganNanos).plus(wait).compareTo(LONGEST_BATCH) <= 0
            && Duration.ofNanos(nowNanos - answeredNanos).plus(wait).compareTo(LONGEST_SILENCE)
                <= 0;
    return Optional.of(wait).filter(_ -> inTime);
  }
}
