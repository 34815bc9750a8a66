package dev.polyptych.engine.denoise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.weights.model.SchedulerConfig;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigmaScheduleTest {
  private static final SchedulerConfig DEV = new SchedulerConfig(true, 3, 0.5, 1.15, 256, 4096);

  @Test
  void givesTheStoryboardSheetItsPublishedSigmas() {
    SigmaSchedule schedule = SigmaSchedule.of(DEV, 6144, 20);

    assertEquals(0.9884, schedule.sigma(1), 1e-4);
    assertEquals(0.8171, schedule.sigma(10), 1e-4);
    assertEquals(0.1903, schedule.sigma(19), 1e-4);
  }

  @Test
  void usesTheFixedShiftWhereTheModelSaysSo() {
    SigmaSchedule schedule =
        SigmaSchedule.of(new SchedulerConfig(false, 1, 0.5, 1.15, 256, 4096), 6144, 4);

    assertEquals(0.75, schedule.sigma(1), 1e-6);
  }

  @ParameterizedTest
  @CsvSource({"1, 20", "0.99, 20", "0.6, 12", "0.55, 11", "0.01, 1"})
  void runsThePartOfTheStepsThatStrengthAsksForRoundedUp(double strength, int steps) {
    SigmaSchedule whole = SigmaSchedule.of(DEV, 6144, 20);

    SigmaSchedule last = whole.last(strength);

    assertEquals(steps, last.steps());
    assertEquals(whole.sigma(20 - steps), last.sigma(0));
    assertEquals(0, last.sigma(steps));
  }

  @Test
  void refusesAStrengthThatLeavesNoStep() {
    SigmaSchedule whole = SigmaSchedule.of(DEV, 6144, 20);

    var refusal = assertThrows(IllegalArgumentException.class, () -> whole.last(0));

    assertEquals(
        "strength 0.0 leaves none of 20 steps to run; use a greater one", refusal.getMessage());
  }

  @Property(tries = 200)
  void fallsFromOneToZero(
      @ForAll @IntRange(min = 1, max = 20_000) int tokens,
      @ForAll @IntRange(min = 1, max = 100) int steps) {
    SigmaSchedule schedule = SigmaSchedule.of(DEV, tokens, steps);

    assertEquals(1, schedule.sigma(0));
    assertEquals(0, schedule.sigma(steps));
    for (int i = 0; i < steps; i++) {
      assertTrue(schedule.sigma(i) > schedule.sigma(i + 1));
    }
  }
}
