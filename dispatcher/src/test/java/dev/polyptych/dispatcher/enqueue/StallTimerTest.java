package dev.polyptych.dispatcher.enqueue;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallTimerTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final StallTimer watch = new StallTimer(Duration.ofSeconds(10));

  @Test
  void isTooLongAfterItsPatience() {
    assertFalse(watch.tooLong("one", 5 * SECOND));
    assertFalse(watch.tooLong("one", 15 * SECOND));
    assertTrue(watch.tooLong("one", 15 * SECOND + 1));
  }

  @Test
  void anotherJobHasAllTheTimeAgain() {
    // Given
    assertFalse(watch.tooLong("one", 0));
    assertTrue(watch.tooLong("one", 11 * SECOND));
    // Then
    assertFalse(watch.tooLong("two", 11 * SECOND));
    assertFalse(watch.tooLong("two", 21 * SECOND));
    assertTrue(watch.tooLong("two", 22 * SECOND));
  }
}
