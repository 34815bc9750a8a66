package dev.polyptych.dispatcher.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.error.Limit;
import dev.polyptych.schema.error.LimitHit;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateHoldTest {
  private static final long BEGAN = 17;

  private final RateHold hold = new RateHold(BEGAN);

  @Test
  void aLineWaitsForAWholeTokenAtMost() {
    assertEquals(Optional.of(Duration.ofMillis(34)), hold.wait(rate(30, 1), BEGAN));
    assertEquals(Optional.of(Duration.ofSeconds(3)), hold.wait(rate(0.1, 3), BEGAN));
  }

  @Test
  void theAnswerIsSilentForAMinuteAtMost() {
    assertEquals(Optional.of(Duration.ofSeconds(2)), hold.wait(rate(0.5, 2), after(58)));
    assertEquals(Optional.empty(), hold.wait(rate(0.5, 2), after(58) + 1));
    assertEquals(Optional.empty(), hold.wait(rate(0.01, 61), BEGAN));

    hold.answered(after(58));

    assertEquals(Optional.of(Duration.ofSeconds(2)), hold.wait(rate(0.5, 2), after(116)));
  }

  @Test
  void aBatchIsHeldBackForTenMinutesAtMost() {
    hold.answered(after(598));

    assertEquals(Optional.of(Duration.ofSeconds(2)), hold.wait(rate(0.5, 2), after(598)));
    assertEquals(Optional.empty(), hold.wait(rate(0.5, 2), after(598) + 1));
  }

  private static LimitHit rate(double perSecond, long retryAfterSeconds) {
    return new LimitHit(Limit.SUBMISSIONS_PER_SECOND, perSecond, 1, retryAfterSeconds);
  }

  private static long after(long seconds) {
    return BEGAN + Duration.ofSeconds(seconds).toNanos();
  }
}
