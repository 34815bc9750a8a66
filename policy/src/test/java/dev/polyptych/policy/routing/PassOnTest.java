package dev.polyptych.policy.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.Needs;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PassOnTest {
  private static final Needs JOB = new Needs(Optional.of("nano"), "task", "adapter");

  @Test
  void theAbleWorkerWithLeastToDoGetsIt() {
    // Given
    Fleet fleet =
        new Fleet(
            8,
            List.of(
                worker("self", List.of(0), 0, can("nano")),
                worker("wrong base", List.of(1), 0, can("tiny")),
                worker("no task", List.of(2), 0, abilities("nano", Set.of("other"), Set.of())),
                worker(
                    "no adapter",
                    List.of(3),
                    0,
                    abilities("nano", Set.of("task"), Set.of("adapter"))),
                worker(
                    "stuck",
                    List.of(4),
                    0,
                    new Abilities(Optional.of("nano"), Optional.empty(), Set.of(), true)),
                worker("busy", List.of(5), 60, can("nano")),
                worker("able", List.of(6), 30, can("nano"))));
    // When
    PassOn next = PassOn.of(JOB, "self", fleet);
    // Then
    assertEquals(new PassOn.To("able", 6), next);
  }

  @Test
  void aWorkerOfWhichNothingIsKnownMayGetIt() {
    // Given
    Fleet fleet = new Fleet(8, List.of(worker("old", List.of(3), 0, Abilities.UNKNOWN)));
    // When
    PassOn next = PassOn.of(JOB, "self", fleet);
    // Then
    assertEquals(new PassOn.To("old", 3), next);
  }

  @Test
  void aWorkerThatLoadsIsWaitedForAndOneThatHasNoPartitionsIsNot() {
    // Given
    FleetWorker loading =
        new FleetWorker(
            "new", List.of(), 0, Instant.EPOCH, true, Residency.EMPTY, SwapCosts.NONE, can("nano"));
    FleetWorker idle = worker("without partitions", List.of(), 0, can("nano"));
    // When
    PassOn later = PassOn.of(JOB, "self", new Fleet(8, List.of(loading, idle)));
    PassOn nobody = PassOn.of(JOB, "self", new Fleet(8, List.of(idle)));
    // Then
    assertEquals(new PassOn.Later(), later);
    assertEquals(new PassOn.Nobody(), nobody);
  }

  @Test
  void withoutAnAbleWorkerNobodyGetsIt() {
    // Given
    Fleet fleet =
        new Fleet(
            8,
            List.of(
                worker("self", List.of(0), 0, can("nano")),
                worker("other", List.of(1), 0, can("tiny"))));
    // When
    PassOn next = PassOn.of(JOB, "self", fleet);
    // Then
    assertEquals(new PassOn.Nobody(), next);
  }

  @Test
  void theRouterSendsNothingToAWorkerThatCanNotDrawItUnlessNobodyCan() {
    // Given an idle worker of another base and a busy one that can draw the job
    FleetWorker idle = worker("idle", List.of(0, 1, 2, 3), 0, can("tiny"));
    FleetWorker busy = worker("busy", List.of(4, 5, 6, 7), 1000, can("nano"));
    Router router = new Router(RoutingRules.DEFAULT);
    // When
    int partition = router.partition(JOB, 1, new Fleet(8, List.of(idle, busy)), Instant.EPOCH);
    int alone = router.partition(JOB, 1, new Fleet(8, List.of(idle)), Instant.EPOCH);
    // Then
    assertEquals(true, busy.partitions().contains(partition));
    assertEquals(PartitionRanking.first("adapter", 8), alone);
  }

  private static Abilities can(String base) {
    return abilities(base, Set.of("task", "other"), Set.of("third"));
  }

  private static Abilities abilities(String base, Set<String> tasks, Set<String> missing) {
    return new Abilities(Optional.of(base), Optional.of(tasks), missing, false);
  }

  private static FleetWorker worker(
      String id, List<Integer> partitions, double behind, Abilities can) {
    return new FleetWorker(
        id, partitions, behind, Instant.EPOCH, false, Residency.EMPTY, SwapCosts.NONE, can);
  }
}
