package dev.polyptych.worker.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.worker.render.DeviceWatch.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceWatchTest {
  private final List<Phase> stuck = new ArrayList<>();
  private long now;
  private final DeviceWatch watch =
      new DeviceWatch(Duration.ofSeconds(10), (phase, after) -> stuck.add(phase), () -> now);

  @Test
  void aPhaseWithinTheFloorIsNotStuckAndOneBeyondItIsReportedOnce() {
    // When
    watch.during(Phase.STEP, 100, () -> lookedFor(10));
    List<Phase> before = List.copyOf(stuck);
    watch.during(Phase.DECODE, 100, () -> lookedFor(13));
    // Then
    assertEquals(List.of(), before);
    assertEquals(List.of(Phase.DECODE), stuck);
  }

  @Test
  void aPhaseMayTakeTenTimesWhatItTookPerToken() {
    // Given a step of 5 s at 100 tokens
    watch.during(Phase.STEP, 100, () -> lookedFor(5));
    // When
    watch.during(Phase.STEP, 200, () -> lookedFor(100));
    List<Phase> within = List.copyOf(stuck);
    watch.during(Phase.TEXT, 200, () -> lookedFor(11));
    // Then
    assertEquals(List.of(), within);
    assertEquals(List.of(Phase.TEXT), stuck);
  }

  @Test
  void aPhaseMayTakeAsLongAsTheStart() {
    // Given
    watch.opened(Duration.ofSeconds(60));
    // When
    watch.during(Phase.STEP, 1, () -> lookedFor(60));
    // Then
    assertEquals(List.of(), stuck);
  }

  @Test
  void nothingIsStuckBetweenPhases() {
    // Given
    watch.during(Phase.STEP, 1, () -> lookedFor(1));
    // When
    lookedFor(100);
    // Then
    assertEquals(List.of(), stuck);
  }

  @Test
  void aProcessThatWasStoppedForAnHourIsNotStuck() {
    // When
    watch.during(
        Phase.STEP,
        1,
        () -> {
          now += Duration.ofHours(1).toNanos();
          watch.look();
          return now;
        });
    // Then
    assertEquals(List.of(), stuck);
  }

  /** A look each second. */
  private long lookedFor(int seconds) {
    for (int second = 0; second < seconds; second++) {
      now += Duration.ofSeconds(1).toNanos();
      watch.look();
    }
    return now;
  }
}
