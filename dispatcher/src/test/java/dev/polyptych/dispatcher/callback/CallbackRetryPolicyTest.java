package dev.polyptych.dispatcher.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.store.JitteredBackoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CallbackRetryPolicyTest {
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void waitsTwiceAsLongEachTimeUpToAnHour() {
    CallbackRetryPolicy patience = patience(1);

    List<Long> seconds = new ArrayList<>();
    for (int tries = 1; tries <= 12; tries++) {
      seconds.add(patience.after(tries, Duration.ZERO, Duration.ZERO).orElseThrow().toSeconds());
    }

    assertEquals(
        List.of(5L, 10L, 20L, 40L, 80L, 160L, 320L, 640L, 1280L, 2560L, 3600L, 3600L), seconds);
  }

  @Test
  void waitsAsLongAsTheReceiverWants() {
    Duration wanted = Duration.ofHours(3);

    assertEquals(Optional.of(wanted), patience(0).after(1, Duration.ZERO, wanted));
  }

  @Test
  void theLastTryIsAtTheEndOfTheTimeAndThenItIsGivenUp() {
    Duration late = DAY.minusSeconds(1);

    assertEquals(
        Optional.of(Duration.ofSeconds(1)), patience(1).after(40, late, Duration.ofDays(9)));
    assertEquals(Optional.empty(), patience(1).after(41, DAY, Duration.ZERO));
  }

  @Property
  void whateverIsDrawnTriesEndWithinADay(@ForAll @DoubleRange(min = 0, max = 1) double jitter) {
    Duration age = Duration.ZERO;
    int tries = 1;
    for (var next = patience(jitter).after(tries, age, Duration.ZERO);
        next.isPresent();
        next = patience(jitter).after(++tries, age, Duration.ZERO)) {
      age = age.plus(next.get());
    }
    assertEquals(DAY, age);
    assertTrue(tries > 30 && tries < 65, Integer.toString(tries));
  }

  @Property
  void halfOfAWaitIsLeftToChance(
      @ForAll @DoubleRange(min = 0, max = 1) double jitter,
      @ForAll @IntRange(min = 1, max = 1_000) int tries) {
    Duration whole = patience(1).after(tries, Duration.ZERO, Duration.ZERO).orElseThrow();
    Duration drawn = patience(jitter).after(tries, Duration.ZERO, Duration.ZERO).orElseThrow();

    assertTrue(drawn.compareTo(whole) <= 0 && drawn.multipliedBy(2).compareTo(whole) >= 0);
  }

  private static CallbackRetryPolicy patience(double jitter) {
    return new CallbackRetryPolicy(
        new JitteredBackoff(Duration.ofSeconds(5), Duration.ofHours(1), () -> jitter), DAY);
  }
}
