package dev.polyptych.policy.routing;

import static dev.polyptych.policy.routing.RoutingFleets.START;
import static dev.polyptych.policy.routing.RoutingFleets.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.fleet.Abilities;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RouterPropertiesTest {
  @Property(tries = 200)
  void routingIsDeterministicAndInRange(
      @ForAll @IntRange(min = 1, max = 30) int workers,
      @ForAll @IntRange(min = 1, max = 4) int partitionsEach,
      @ForAll long seed) {
    // Given
    Fleet fleet = RoutingFleets.idle(workers, partitionsEach);
    // When
    List<Integer> once = routed(fleet, seed);
    List<Integer> again = routed(fleet, seed);
    // Then
    assertEquals(once, again);
    assertTrue(once.stream().allMatch(p -> p >= 0 && p < workers * partitionsEach));
  }

  @Property(tries = 200)
  void aLostWorkerMovesOnlyTheAdaptersThatWereAtHomeThere(
      @ForAll String adapter,
      @ForAll @IntRange(min = 2, max = 30) int workers,
      @ForAll @IntRange(min = 0, max = 29) int lost) {
    // Given
    Fleet before = RoutingFleets.idle(workers, 2);
    List<FleetWorker> left = new ArrayList<>(before.workers());
    String gone = left.remove(lost % workers).id();
    Fleet after = RoutingFleets.of(2 * workers, left);
    // When
    int was = new Router(RoutingRules.DEFAULT).partition(adapter, 10, before, START);
    int is = new Router(RoutingRules.DEFAULT).partition(adapter, 10, after, START);
    // Then
    boolean moved = before.owner(was).orElseThrow().id().equals(gone);
    assertTrue(moved ? after.owner(is).isPresent() : is == was, was + " → " + is);
  }

  @Property(tries = 200)
  void aJoinedWorkerMovesNoAdapterThatHasAnIdleHome(
      @ForAll String adapter, @ForAll @IntRange(min = 2, max = 30) int workers) {
    // Given the last one's partitions belonged to the first before
    List<FleetWorker> all = RoutingFleets.idle(workers, 2).workers();
    List<FleetWorker> fewer = new ArrayList<>(all.subList(0, workers - 1));
    List<Integer> both = new ArrayList<>(all.getFirst().partitions());
    both.addAll(all.getLast().partitions());
    FleetWorker first = all.getFirst();
    fewer.set(
        0,
        new FleetWorker(
            first.id(),
            both,
            0,
            START,
            false,
            first.residency(),
            first.costs(),
            Abilities.UNKNOWN));
    // When
    int was =
        new Router(RoutingRules.DEFAULT)
            .partition(adapter, 10, RoutingFleets.of(2 * workers, fewer), START);
    int is =
        new Router(RoutingRules.DEFAULT)
            .partition(adapter, 10, RoutingFleets.of(2 * workers, all), START);
    // Then
    assertEquals(was, is);
  }

  /** In every hundred jobs an adapter has its share exactly; their order is chance. */
  @Property(tries = 30)
  void onASteadyLoadNoSpreadChangesItsWidth(
      @ForAll @IntRange(min = 1, max = 100) int workers, @ForAll long seed) {
    Random random = new Random(seed);
    List<String> hundred = shares(random);
    Fleet fleet = RoutingFleets.idle(workers, 1);
    Router router = new Router(RoutingRules.DEFAULT);
    Map<String, Integer> settled = new HashMap<>();
    double second = 0;
    for (int round = 0; round < 60; round++) {
      // Given
      Collections.shuffle(hundred, random);
      // When
      for (String adapter : hundred) {
        router.partition(adapter, 10, fleet, at(second));
        second += 0.5;
      }
      // Then, once three half-lives have passed
      for (String adapter : hundred) {
        int width = router.placement(adapter, fleet).width();
        if (round >= 20) {
          assertEquals(settled.computeIfAbsent(adapter, first -> width), width, adapter);
        }
      }
    }
  }

  /** Adapters, each as often as it is wanted. */
  private static List<String> shares(Random random) {
    List<String> hundred = new ArrayList<>();
    int adapter = 0;
    while (hundred.size() < 100) {
      int times = Math.min(100 - hundred.size(), 1 + random.nextInt(40));
      hundred.addAll(Collections.nCopies(times, "a" + adapter++));
    }
    return hundred;
  }

  private static List<Integer> routed(Fleet fleet, long seed) {
    Router router = new Router(RoutingRules.DEFAULT);
    Random random = new Random(seed);
    return IntStream.range(0, 200)
        .mapToObj(
            job ->
                router.partition("a" + random.nextInt(20), 1 + random.nextInt(9), fleet, at(job)))
        .toList();
  }
}
