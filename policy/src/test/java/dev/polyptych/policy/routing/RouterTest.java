package dev.polyptych.policy.routing;

import static dev.polyptych.policy.routing.RoutingFleets.START;
import static dev.polyptych.policy.routing.RoutingFleets.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static final String ADAPTER = "couple-profile";

  private final Router router = new Router(RoutingRules.DEFAULT);

  @Test
  void theRulesAreThese() {
    assertEquals(
        new RoutingRules(1.5, 1, 0.5, Duration.ofMinutes(5), 5, Duration.ofMinutes(1)),
        RoutingRules.DEFAULT);
  }

  @Test
  void withoutHeartbeatsAJobGoesToItsFirstChoice() {
    assertEquals(
        PartitionRanking.first(ADAPTER, 8), router.partition(ADAPTER, 10, Fleet.silent(8), START));
  }

  @Test
  void anIdleWorkerThatHoldsTheAdapterIsPreferred() {
    // Given the second of the spread has it warm
    int second = PartitionRanking.of(ADAPTER, 4).get(1);
    Fleet fleet =
        fleet(4, worker -> worker == second ? RoutingFleets.warm(ADAPTER) : Residency.EMPTY);
    // When
    int partition = router.partition(ADAPTER, 10, fleet, START);
    // Then
    assertEquals(second, partition);
  }

  @Test
  void whatWasSentCountsBeforeTheNextHeartbeatTellsIt() {
    Fleet fleet = RoutingFleets.idle(4, 1);

    int one = router.partition(ADAPTER, 10, fleet, START);
    int other = router.partition(ADAPTER, 10, fleet, at(1));

    assertNotEquals(one, other);
  }

  @Test
  void whatWasWorkedOffMeanwhileCountsNoLonger() {
    // 10 s, and 4 s of the swap
    Fleet fleet = RoutingFleets.idle(4, 1);

    int one = router.partition(ADAPTER, 10, fleet, START);
    int later = router.partition(ADAPTER, 10, fleet, at(14));

    assertEquals(one, later);
  }

  @Test
  void aLoadedSpreadIsLeftForAWorkerThatIsDoneMuchSooner() {
    // Given all are 100 s behind but the last choice
    int last = PartitionRanking.of(ADAPTER, 8).getLast();
    Fleet fleet =
        RoutingFleets.of(
            8,
            IntStream.range(0, 8)
                .mapToObj(
                    worker ->
                        RoutingFleets.worker(worker, 1, worker == last ? 0 : 100, Residency.EMPTY))
                .toList());
    // When
    int partition = router.partition(ADAPTER, 10, fleet, START);
    // Then
    assertEquals(last, partition);
  }

  @Test
  void aPinnedAdapterGoesToItsPartitionWhateverItsLoad() {
    // Given
    Router pinned = new Router(RoutingRules.DEFAULT, any -> new TaskRouting(Optional.of(3), 1));
    Fleet fleet = RoutingFleets.idle(8, 1);
    // When
    List<Integer> partitions =
        IntStream.range(0, 5).mapToObj(i -> pinned.partition(ADAPTER, 10, fleet, START)).toList();
    // Then
    assertEquals(List.of(3, 3, 3, 3, 3), partitions);
  }

  @Test
  void aPlacementTellsTheSpreadInRankOrder() {
    // Given
    Router wide = new Router(RoutingRules.DEFAULT, any -> new TaskRouting(Optional.empty(), 4));
    Fleet fleet = fleet(8, worker -> RoutingFleets.warm(ADAPTER));
    // When
    Placement placement = wide.placement(ADAPTER, fleet);
    // Then
    assertEquals(4, placement.width());
    assertEquals(
        PartitionRanking.of(ADAPTER, 8).subList(0, 4),
        placement.spots().stream().map(Placement.Spot::partition).toList());
    assertTrue(placement.spots().stream().allMatch(spot -> spot.tier() == Tier.WARM));
  }

  @Test
  void aLoadingWorkerGetsAJobOnlyWhenTheOthersAreFurtherBehind() {
    // Given
    int first = PartitionRanking.first(ADAPTER, 2);
    FleetWorker ready = RoutingFleets.worker(1 - first, 1, 30, Residency.EMPTY);
    FleetWorker loading =
        new FleetWorker(
            "new",
            List.of(first),
            0,
            START,
            true,
            Residency.EMPTY,
            RoutingFleets.COSTS,
            Abilities.UNKNOWN);
    Fleet fleet = RoutingFleets.of(2, List.of(ready, loading));
    // When
    List<Integer> partitions =
        IntStream.range(0, 5).mapToObj(i -> router.partition(ADAPTER, 12, fleet, START)).toList();
    // Then: 50, 46, 58 and 70 s with the first one's swap of 4 s counted fivefold; or 60 and 20 s
    int other = 1 - first;
    assertEquals(List.of(other, other, other, other, first), partitions);
  }

  @Test
  void anIdleWorkerIsTakenThoughTheAdapterIsWarmAtABusyOne() {
    // Given the first choice is 5 s behind, and a swap takes 4 s
    int first = PartitionRanking.first(ADAPTER, 2);
    Fleet fleet =
        RoutingFleets.of(
            2,
            List.of(
                RoutingFleets.worker(first, 1, 5, RoutingFleets.warm(ADAPTER)),
                RoutingFleets.worker(1 - first, 1, 0, Residency.EMPTY)));
    // When
    int partition = router.partition(ADAPTER, 10, fleet, START);
    // Then
    assertEquals(1 - first, partition);
  }

  @Test
  void whileNobodyIsIdleAJobStaysWhereItsAdapterIsFarLonger() {
    // Given the warm worker is 15 s further behind, and a swap of 4 s counts fivefold
    int first = PartitionRanking.first(ADAPTER, 2);
    Fleet fleet =
        RoutingFleets.of(
            2,
            List.of(
                RoutingFleets.worker(first, 1, 20, RoutingFleets.warm(ADAPTER)),
                RoutingFleets.worker(1 - first, 1, 5, Residency.EMPTY)));
    // When
    int partition = router.partition(ADAPTER, 10, fleet, START);
    // Then
    assertEquals(first, partition);
  }

  @Test
  void whereSwapsCostNothingTheLeastLoadedTakesTheJob() {
    // Given
    FleetWorker warm = free(0, 3, RoutingFleets.warm(ADAPTER));
    FleetWorker cold = free(1, 2.9, Residency.EMPTY);
    // When
    int partition = router.partition(ADAPTER, 10, RoutingFleets.of(2, List.of(warm, cold)), START);
    // Then
    assertEquals(1, partition);
  }

  @Test
  void jobsOfOneAdapterFollowTheOneThatIsGoingToMakeItWarm() {
    // Given nobody is idle, and nobody holds the adapter
    Fleet fleet =
        RoutingFleets.of(
            4,
            IntStream.range(0, 4)
                .mapToObj(worker -> RoutingFleets.worker(worker, 1, 30, Residency.EMPTY))
                .toList());
    // When
    int one = router.partition(ADAPTER, 5, fleet, START);
    int other = router.partition(ADAPTER, 5, fleet, START);
    // Then
    assertEquals(one, other);
  }

  private static FleetWorker free(int number, double behind, Residency residency) {
    return new FleetWorker(
        "w" + number,
        List.of(number),
        behind,
        START,
        false,
        residency,
        SwapCosts.NONE,
        Abilities.UNKNOWN);
  }

  private interface Held {
    Residency by(int worker);
  }

  private static Fleet fleet(int workers, Held held) {
    return RoutingFleets.of(
        workers,
        IntStream.range(0, workers)
            .mapToObj(worker -> RoutingFleets.worker(worker, 1, 0, held.by(worker)))
            .toList());
  }
}
