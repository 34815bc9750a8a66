package dev.polyptych.lab.autoscale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.lab.autoscale.ScaledObject.Trigger;
import dev.polyptych.lab.autoscale.ScaledObject.Trigger.Source;
import dev.polyptych.lab.autoscale.Signal.TriggerSignal;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignalTest {
  private static final Trigger WORK = new Trigger(Source.GPU_SECONDS, 180, 0);
  private static final Trigger LAG = new Trigger(Source.INTERACTIVE_LAG, 1e9, 0);

  @Test
  void aWorkerForEachBegunThresholdBeyondTheTolerance() {
    assertEquals(4, wanted(4, 650));
    assertEquals(4, wanted(4, 791));
    assertEquals(5, wanted(4, 793));
    assertEquals(1, wanted(4, 1));
    assertEquals(0, wanted(4, 0));
  }

  @Test
  void ofSeveralTriggersTheLargestCountsAndLagNeverAsksForASecondWorker() {
    Signal signal =
        new TriggerSignal(
            List.of(WORK, LAG), source -> source == Source.INTERACTIVE_LAG ? 5000 : 0);

    assertEquals(1, signal.wanted(3));
    assertTrue(signal.active());
  }

  @Test
  void noWorkIsNotActive() {
    assertFalse(new TriggerSignal(List.of(WORK, LAG), source -> 0).active());
  }

  @Test
  void theSeriesIsTheLargestOfBacklogLoadingAndBusy() {
    Wanted wanted = new Wanted(15, 20, 180, 200, 300);

    assertEquals(500, wanted.gpuSeconds(500, 1, 2));
    assertEquals(540, wanted.gpuSeconds(500, 3, 2));
    assertEquals(600, wanted.gpuSeconds(500, 3, 3));
    assertEquals(540, wanted.backlogOnly().gpuSeconds(500, 3, 3));
  }

  private static int wanted(int current, double gpuSeconds) {
    return new TriggerSignal(List.of(WORK), source -> gpuSeconds).wanted(current);
  }
}
