package dev.polyptych.lab.autoscale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.lab.autoscale.Nodes.Machinery;
import dev.polyptych.lab.simulator.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScaledFleetTest {
  private static final double GRACE = 30;

  /** 2 + 180 + 60 + 65 s from nothing to the first step. */
  private static final Machinery EXACT = new Machinery(2, 180, 60, 65, 600, 0);

  private final Clock clock = new Clock();
  private final Ledger ledger = new Ledger(0);

  @Test
  void theFirstJobOfAnEmptyClusterWaitsForNodeImageAndModel() {
    ScaledFleet fleet = fleet(GRACE);
    ScaledJob job = new ScaledJob(0, 10, 10);
    fleet.submit(job);
    fleet.scaleTo(1);

    until(318);

    assertEquals(307, job.waited(), 1e-9);
    assertEquals(1, ledger.settled());
  }

  @Test
  void aStoppedWorkerEndsItsStepAndAnotherGoesOnFromThere() {
    // Given: 3.2 s of the job are drawn
    ScaledFleet fleet = fleet(GRACE);
    ScaledJob job = new ScaledJob(0, 10, 10);
    fleet.submit(job);
    fleet.scaleTo(1);
    until(310.2);
    // When: it stops at 310.5, and a new one is asked for on the node that is still there
    fleet.scaleTo(0);
    until(320);
    fleet.scaleTo(1);
    until(400);
    // Then: 6.5 s were left and half a second to resume
    ScalingOutcome outcome = ledger.outcome(400, List.of(job), 0, List.of());
    assertEquals(1, ledger.settled());
    assertEquals(10.5, ledger.drawn(), 1e-9);
    assertEquals(new ScalingOutcome.Scaling(0, 0, 1, 0.5, 3), outcome.scaling());
  }

  @Test
  void aWorkerThatIsKilledBeforeItsCheckpointLosesWhatCameAfterTheLastOne() {
    ScaledFleet fleet = fleet(1);
    ScaledJob job = new ScaledJob(0, 20, 20);
    fleet.submit(job);
    fleet.scaleTo(1);
    until(307 + 13.2);

    fleet.scaleTo(0);
    until(330);

    ScalingOutcome outcome = ledger.outcome(330, List.of(job), 0, List.of());
    assertEquals(14.2 - 10 + 0.5, outcome.scaling().twiceSeconds(), 1e-9);
  }

  @Test
  void aNodeIsPaidFromAskingUntilTenMinutesAfterItsLastPod() {
    ScaledFleet fleet = fleet(GRACE);
    fleet.scaleTo(1);
    until(400);
    fleet.scaleTo(0);

    until(5000);

    ScalingOutcome outcome = ledger.outcome(5000, List.of(), 0, List.of());
    assertEquals(1000 / 3600.0, outcome.hours().paid(), 1e-9);
    assertEquals(1000 / 3600.0, outcome.hours().idle(), 1e-9);
  }

  @Test
  void idleWorkersAreDeletedFirstIfBusyOnesReportAHigherCost() {
    // Given: two jobs for four workers
    ScaledFleet fleet = fleet(GRACE);
    fleet.deletionCost(true);
    fleet.submit(new ScaledJob(0, 100, 100));
    fleet.submit(new ScaledJob(0, 100, 100));
    fleet.scaleTo(4);
    until(320);
    // When
    fleet.scaleTo(2);
    until(330);
    // Then
    assertEquals(2, fleet.count(Pod.State.BUSY));
    assertEquals(0, ledger.outcome(330, List.of(), 0, List.of()).scaling().interrupted());
  }

  @Test
  void noJobIsLostAndNoSecondDrawnTwiceUnseenHoweverTheFleetChanges() {
    for (long seed = 0; seed < 20; seed++) {
      // Given
      Clock time = new Clock();
      Ledger books = new Ledger(0);
      ScaledFleet fleet = new ScaledFleet(time, Machinery.CLOUD, GRACE, seed, books);
      SplittableRandom random = new SplittableRandom(seed);
      List<ScaledJob> jobs = new ArrayList<>();
      for (int number = 0; number < 300; number++) {
        ScaledJob job = new ScaledJob(3.0 * number, 5 + random.nextInt(15), 10);
        jobs.add(job);
        time.at(job.arrived, () -> fleet.submit(job));
      }
      for (int change = 0; change < 50; change++) {
        int replicas = random.nextInt(12);
        time.at(60.0 * change, () -> fleet.scaleTo(replicas));
      }
      time.at(3000, () -> fleet.scaleTo(3));
      // When
      while (time.step() && books.settled() < jobs.size()) {}
      // Then
      ScalingOutcome outcome = books.outcome(time.now(), jobs, 0, List.of());
      assertEquals(jobs.size(), books.settled());
      assertEquals(0, fleet.backlog().unsettled());
      assertTrue(outcome.scaling().interrupted() > 0);
      assertEquals(
          jobs.stream().mapToDouble(job -> job.seconds).sum() + outcome.scaling().twiceSeconds(),
          books.drawn(),
          1e-6);
    }
  }

  private ScaledFleet fleet(double grace) {
    return new ScaledFleet(clock, EXACT, grace, 1, ledger);
  }

  private void until(double seconds) {
    boolean[] reached = {false};
    clock.at(seconds, () -> reached[0] = true);
    while (!reached[0]) {
      clock.step();
    }
  }
}
