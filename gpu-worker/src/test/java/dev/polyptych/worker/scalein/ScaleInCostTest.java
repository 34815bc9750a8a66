package dev.polyptych.worker.scalein;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.fleet.WorkerHeartbeat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScaleInCostTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final WorkerHeartbeat OTHER =
      Heartbeats.of("other", Optional.of("font-design"), Optional.empty(), 0);

  private final ScaleInCost worth = new ScaleInCost();

  @Test
  void anIdleWorkerGoesBeforeOneWithTheOnlyWarmCopyAndBothBeforeOneWithJobs() {
    assertEquals(0, worth("font-design", Optional.empty(), 0));
    assertEquals(10, worth("film-storyboard", Optional.empty(), 0));
    assertEquals(100, worth("font-design", Optional.of("j-1"), 0));
    assertEquals(100, worth("font-design", Optional.empty(), 3));
    assertEquals(110, worth("film-storyboard", Optional.of("j-1"), 0));
  }

  @Test
  void aWorkerThatLoadsItsModelCountsAsWorking() {
    assertEquals(ScaleInCost.WORKING, ScaleInCost.of(Heartbeats.loading("self"), List.of(OTHER)));
  }

  @Test
  void ownHeartbeatInTheDirectoryIsNoOtherCopy() {
    WorkerHeartbeat self =
        Heartbeats.of("self", Optional.of("film-storyboard"), Optional.empty(), 0);

    assertEquals(ScaleInCost.ONLY_WARM_COPY, ScaleInCost.of(self, List.of(self, OTHER)));
  }

  @Test
  void moreIsToldAtOnceAndLessOnlyWhenItHasBeenLessForAMinute() {
    assertTrue(worth.due(0, START));
    worth.told(0);
    assertFalse(worth.due(0, START.plusSeconds(10)));
    assertTrue(worth.due(100, START.plusSeconds(20)));
    worth.told(100);
    assertFalse(worth.due(0, START.plusSeconds(30)));
    assertFalse(worth.due(10, START.plusSeconds(89)));
    assertTrue(worth.due(0, START.plusSeconds(90)));
  }

  @Test
  void betweenTwoJobsNothingIsTold() {
    worth.told(100);
    for (int second = 0; second < 600; second += 10) {
      assertFalse(worth.due(second % 20 == 0 ? 0 : 100, START.plusSeconds(second)));
    }
  }

  @Test
  void whatWasNotTakenIsToldAgain() {
    assertTrue(worth.due(0, START));
    assertTrue(worth.due(0, START.plusSeconds(10)));
  }

  private static int worth(String adapter, Optional<String> job, int waiting) {
    return ScaleInCost.of(
        Heartbeats.of("self", Optional.of(adapter), job, waiting), List.of(OTHER));
  }
}
