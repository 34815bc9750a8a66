package dev.polyptych.lab.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.lab.simulator.RoutingTally.RoutingOutcome;
import dev.polyptych.lab.simulator.SimulatedLoad.Memory;
import dev.polyptych.lab.simulator.SimulatedLoad.Shape;
import org.junit.jupiter.api.Test;

/** A load of 40 s whose first 10 s do not count. */
class RoutingTallyTest {
  private final RoutingTally tally =
      new RoutingTally(new SimulatedLoad(Shape.STEADY, 1, 1, 1, 0, 1, 4, Memory.SMALL));

  @Test
  void onlyTheTimeBetweenWarmUpAndLastArrivalCounts() {
    tally.present(0, 100);

    tally.job(job(5, 6), 8, 4);
    tally.job(job(30, 20), 36, 1);

    RoutingOutcome outcome = tally.outcome(0);
    assertEquals((6 + 3) / 30.0, outcome.delivered(), 1e-9);
    assertEquals((2 + 1) / 30.0, outcome.swapShare(), 1e-9);
  }

  @Test
  void aJobCountsFromTheEndOfTheWarmUpUntilJustBeforeTheLastArrival() {
    tally.present(0, 40);

    tally.job(job(9.9, 1), 9.9, 0);
    tally.job(job(10, 1), 10, 1);
    tally.job(job(11, 1), 12, 0);
    tally.job(job(39, 1), 40, 1);

    RoutingOutcome outcome = tally.outcome(3);
    assertEquals(2, outcome.jobs());
    assertEquals(0.5, outcome.swapsPerJob(), 1e-9);
    assertEquals(1, outcome.p50Wait(), 1e-9);
    assertEquals(2, outcome.longestWait(), 1e-9);
    assertEquals(3, outcome.handovers());
  }

  @Test
  void aWorkerThatIsLostDuringASwapTakesBackItsWholeRenderAndNotTheSwap() {
    tally.present(10, 40);
    SimulatedJob job = job(10, 8);
    tally.job(job, 12, 5);

    tally.undo(job, 14, 25);

    assertEquals(0, tally.outcome(0).delivered(), 1e-9);
  }

  @Test
  void aWorkerThatIsLostDuringARenderTakesBackItsRest() {
    tally.present(10, 40);
    SimulatedJob job = job(10, 8);
    tally.job(job, 12, 5);

    tally.undo(job, 20, 25);

    assertEquals(3 / 30.0, tally.outcome(0).delivered(), 1e-9);
  }

  private static SimulatedJob job(double arrived, double seconds) {
    return new SimulatedJob(0, 0, arrived, seconds, seconds);
  }
}
