package dev.polyptych.dispatcher.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.dispatcher.PlayedWorker;
import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.job.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdapterReasonTest {
  @Test
  void aJobOnAWorkerThatHoldsItsAdapterWaitsForItWhereOneWithLessToDoDoesNot() {
    Optional<Reason> reason = reason(worker("own", 20, Tier.HOST), worker("other", 5, Tier.DISK));

    assertEquals(Optional.of(new Reason.WaitsForHolder("fox", "own")), reason);
  }

  @Test
  void whereTheOthersHoldItTooOrHaveMoreToDoTheAdapterIsNoReason() {
    FleetWorker own = worker("own", 20, Tier.WARM);

    assertEquals(Optional.empty(), reason(own, worker("other", 5, Tier.DEVICE)));
    assertEquals(Optional.empty(), reason(own, worker("other", 20, Tier.ABSENT)));
    assertEquals(Optional.empty(), reason(own, worker("other", 25, Tier.ABSENT)));
    assertEquals(Optional.empty(), reason(own));
  }

  @Test
  void aWorkerThatMustReadTheAdapterIsTheReasonAndSoIsThatNobodyHoldsIt() {
    FleetWorker own = worker("own", 0, Tier.DISK);

    assertEquals(
        Optional.of(new Reason.AdapterNotResident("fox", "own")),
        reason(own, worker("other", 0, Tier.HOST)));
    assertEquals(
        Optional.of(new Reason.NoHolder("fox", "own")), reason(own, worker("other", 0, Tier.DISK)));
  }

  @Test
  void ofAWorkerThatIsNotSeenNothingIsSaid() {
    assertEquals(Optional.empty(), AdapterReason.of("f0", "fox", "gone", Fleet.silent(4)));
  }

  private static Optional<Reason> reason(FleetWorker... workers) {
    return AdapterReason.of("f0", "fox", "own", new Fleet(4, List.of(workers)));
  }

  private static FleetWorker worker(String id, double outstandingSeconds, Tier tier) {
    return new FleetWorker(
        id,
        List.of(id.equals("own") ? 0 : 1),
        outstandingSeconds,
        PlayedWorker.STARTED,
        false,
        Residency.of(Map.of("f0", tier)),
        SwapCosts.NONE,
        Abilities.UNKNOWN);
  }
}
