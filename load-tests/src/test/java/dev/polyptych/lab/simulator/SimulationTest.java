package dev.polyptych.lab.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.lab.simulator.Grid.Cell;
import dev.polyptych.lab.simulator.RoutingArm.Arms;
import dev.polyptych.lab.simulator.RoutingTally.RoutingOutcome;
import dev.polyptych.lab.simulator.SimulatedLoad.Memory;
import dev.polyptych.lab.simulator.SimulatedLoad.Shape;
import dev.polyptych.policy.schedule.Handover;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final SimulatedLoad SOME =
      new SimulatedLoad(Shape.STEADY, 8, 50, 1.1, 0.5, 0.7, 40, Memory.SMALL);

  @Test
  void theSameSeedGivesTheSameFigures() {
    assertEquals(Grid.cell(SOME), Grid.cell(SOME));
  }

  @Test
  void everyArmBeginsEveryJobThoughWorkersAreLostAndJoin() {
    SimulatedLoad churn = new SimulatedLoad(Shape.CHURN, 20, 50, 1.1, 0.5, 0.7, 40, Memory.TIERED);
    for (Map.Entry<String, RoutingArm.Maker> arm : Arms.all().entrySet()) {
      // Given
      List<SimulatedJob> jobs = Arrivals.of(churn, 1);
      // When
      Simulation.run(churn, arm.getValue(), jobs);
      // Then
      assertTrue(jobs.stream().allMatch(SimulatedJob::begun), arm.getKey());
    }
  }

  @Test
  void noJobIsHandedOverMoreThanTwice() {
    // Given
    SimulatedLoad flash = new SimulatedLoad(Shape.FLASH, 16, 50, 1.4, 0.5, 0.9, 60, Memory.SMALL);
    List<SimulatedJob> jobs = Arrivals.of(flash, 1);
    // When
    RoutingOutcome outcome = Simulation.run(flash, Arms.all().get(Arms.OURS), jobs);
    // Then
    assertTrue(outcome.handovers() > 0);
    assertTrue(jobs.stream().allMatch(job -> job.hops() <= Handover.MOST_HOPS));
  }

  @Test
  void belowTheCapacityAllWorkThatIsAskedForIsDelivered() {
    RoutingOutcome outcome = Grid.cell(SOME.swapping(0)).of(Arms.FIFO);

    assertEquals(0.7, outcome.delivered(), 0.1);
    assertEquals(0, outcome.swapShare());
  }

  /**
   * M/D/1 at half load, by Crommelin, 1932: half of all jobs don't wait, and 95 % wait less than
   * 2.03 renders, where (e^(t/2) - (t-1)/2 e^((t-1)/2)) / 2 is 0.95.
   */
  @Test
  void oneWorkerQueuesAsTheTextbookSays() {
    SimulatedLoad single = new SimulatedLoad(Shape.STEADY, 1, 1, 1, 0, 0.5, 20_000, Memory.SMALL);

    RoutingOutcome outcome =
        Simulation.run(single, Arms.all().get(Arms.FIFO), Arrivals.of(single, 1));

    double render = Adapters.size(0) * SimulatedLoad.RENDER_SECONDS;
    assertEquals(0, outcome.p50Wait(), 0.1 * render);
    assertEquals(2.03 * render, outcome.p95Wait(), 0.2 * render);
  }

  @Test
  void underOverloadWithDearSwapsOursDeliversMoreThanTwiceWhatSharedFifoDoes() {
    Cell cell = Grid.cell(SOME.swapping(2).at(2));

    assertTrue(cell.delivered(Arms.FIFO) > 2, "only " + cell.delivered(Arms.FIFO));
  }
}
