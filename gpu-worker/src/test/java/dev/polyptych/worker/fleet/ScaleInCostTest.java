package dev.polyptych.worker.fleet;

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

  private final ScaleInCost cost = new ScaleInCost();

  @Test
  void anIdleWorkerGoesBeforeOneWithTheOnlyWarmCopyAndBothBeforeOneWithJobs() {
    assertEquals(0, costOf("font-design", Optional.empty(), 0));
    assertEquals(10, costOf("film-storyboard", Optional.empty(), 0));
    assertEquals(100, costOf("font-design", Optional.of("j-1"), 0));
    assertEquals(100, costOf("font-design", Optional.empty(), 3));
    assertEquals(110, costOf("film-storyboard", Optional.of("j-1"), 0));
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
  void anIncreaseIsWrittenAtOnceAndADecreaseAfterAMinute() {
    assertTrue(cost.due(0, START));
    cost.written(0);
    assertFalse(cost.due(0, START.plusSeconds(10)));
    assertTrue(cost.due(100, START.plusSeconds(20)));
    cost.written(100);
    assertFalse(cost.due(0, START.plusSeconds(30)));
    assertFalse(cost.due(10, START.plusSeconds(89)));
    assertTrue(cost.due(0, START.plusSeconds(90)));
  }

  @Test
  void nothingIsWrittenBetweenTwoJobs() {
    cost.written(100);
    for (int second = 0; second < 600; second += 10) {
      assertFalse(cost.due(second % 20 == 0 ? 0 : 100, START.plusSeconds(second)));
    }
  }

  @Test
  void whatWasNotWrittenIsDueAgain() {
    assertTrue(cost.due(0, START));
    assertTrue(cost.due(0, START.plusSeconds(10)));
  }

  private static int costOf(String adapter, Optional<String> job, int waiting) {
    return ScaleInCost.of(
        Heartbeats.of("self", Optional.of(adapter), job, waiting), List.of(OTHER));
  }
}
