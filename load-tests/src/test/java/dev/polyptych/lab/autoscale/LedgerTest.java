package dev.polyptych.lab.autoscale;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The first 1,000 s do not count. */
class LedgerTest {
  private final Ledger ledger = new Ledger(1000);

  @Test
  void changesInOppositeDirectionsWithinFifteenMinutesAreAReversal() {
    ledger.replicas(1000, 1, 3);
    ledger.replicas(1900, 3, 2);
    ledger.replicas(2801, 2, 4);
    ledger.replicas(2900, 4, 5);

    ScalingOutcome.Scaling scaling = outcome().scaling();
    assertEquals(4, scaling.changes());
    assertEquals(1, scaling.reversals());
  }

  @Test
  void aChangeBeforeTheStartDoesNotCountButItsDirectionDoes() {
    ledger.replicas(999.9, 1, 3);
    ledger.replicas(1001, 3, 2);
    ledger.replicas(1002, 2, 3);

    ScalingOutcome.Scaling scaling = outcome().scaling();
    assertEquals(2, scaling.changes());
    assertEquals(1, scaling.reversals());
  }

  @Test
  void anIdleHourIsAPaidHourWithoutTheTimeInWhichJobsWereDrawn() {
    ledger.nodeAsked(100);
    ledger.nodeAsked(2800);
    ledger.drawn(500, 1900);
    ledger.drawn(3000, 3900);
    ledger.nodeGone(100, 4600);

    ScalingOutcome.Hours hours = outcome().hours();
    assertEquals((3600 + 1800) / 3600.0, hours.paid(), 1e-9);
    assertEquals((3600 + 1800 - 900 - 900) / 3600.0, hours.idle(), 1e-9);
    assertEquals(1400 + 900, ledger.drawn(), 1e-9);
  }

  @Test
  void aStoppedJobIsDrawnTwiceOnlyAsFarAsNoCheckpointCoversIt() {
    ledger.interrupted(30, 4.5);
    ledger.interrupted(10, 0.5);

    ScalingOutcome.Scaling scaling = outcome().scaling();
    assertEquals(2, scaling.interrupted());
    assertEquals(5, scaling.twiceSeconds(), 1e-9);
    assertEquals(35, scaling.savedSeconds(), 1e-9);
  }

  private ScalingOutcome outcome() {
    return ledger.outcome(4600, List.of(), 0, List.of());
  }
}
