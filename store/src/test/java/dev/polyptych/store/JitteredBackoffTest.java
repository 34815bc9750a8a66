package dev.polyptych.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JitteredBackoffTest {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1000",
    "1, 1, 2000",
    "2, 0, 2000",
    "2, 1, 4000",
    "3, 0.5, 6000",
    "9, 1, 60000"
  })
  void eachWaitIsTwiceTheLastOfWhichAtLeastHalfIsTaken(int attempt, double drawn, long millis) {
    // When
    Duration wait = new JitteredBackoff(Duration.ofSeconds(2), LONGEST, () -> drawn).after(attempt);
    // Then
    assertEquals(Duration.ofMillis(millis), wait);
  }

  @Test
  void zeroIsNoWaitAtAll() {
    // When
    Duration wait = new JitteredBackoff(Duration.ZERO, LONGEST, () -> 1).after(3);
    // Then
    assertEquals(Duration.ZERO, wait);
  }
}
