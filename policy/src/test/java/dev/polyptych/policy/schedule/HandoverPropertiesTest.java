package dev.polyptych.policy.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Workers that hand over at every look, while none renders and chance adds jobs here and there. */
class HandoverPropertiesTest {
  private static final ScheduleState COLD = ScheduleState.START;
  private static final Duration TAKES = Duration.ofSeconds(3);

  private final Handover handover = new Handover();

  @Property(tries = 100)
  void noJobIsHandedOverMoreThanTwice(
      @ForAll @IntRange(min = 2, max = 12) int workers, @ForAll long seed) {
    Random random = new Random(seed);
    List<List<Hopping>> rooms = rooms(workers);
    int jobs = 0;
    for (int look = 0; look < 60; look++) {
      // Given a crowd at one worker, and another emptied
      List<Hopping> crowded = rooms.get(random.nextInt(workers));
      for (int i = random.nextInt(40); i > 0; i--) {
        crowded.add(new Hopping(jobs++, "a" + random.nextInt(5), 0));
      }
      rooms.get(random.nextInt(workers)).clear();
      // When
      exchange(rooms);
      // Then
      assertTrue(
          rooms.stream().flatMap(List::stream).allMatch(job -> job.hops() <= Handover.MOST_HOPS));
    }
  }

  @Property(tries = 100)
  void aHandoverLeavesTheReceiverNoFurtherBehindThanTheGiver(
      @ForAll @IntRange(min = 2, max = 12) int workers, @ForAll long seed) {
    Random random = new Random(seed);
    List<List<Hopping>> rooms = rooms(workers);
    for (List<Hopping> room : rooms) {
      for (int i = random.nextInt(30); i > 0; i--) {
        room.add(new Hopping(i, "a" + random.nextInt(5), 0));
      }
    }
    Fleet fleet = fleet(rooms);
    Set<Integer> receivers = new HashSet<>();
    for (int giver = 0; giver < workers; giver++) {
      // When
      List<Move<Hopping>> moves = moves(giver, rooms.get(giver), fleet);
      // Then
      if (!moves.isEmpty()) {
        int receiver = moves.getFirst().partition();
        double given = moves.size() * TAKES.toSeconds();
        assertEquals(1, moves.stream().map(Move::partition).distinct().count());
        assertTrue(receivers.add(receiver), receiver + " gets jobs of two");
        assertTrue(behind(rooms.get(receiver)) + given <= behind(rooms.get(giver)) - given);
      }
    }
  }

  private void exchange(List<List<Hopping>> rooms) {
    Fleet fleet = fleet(rooms);
    for (int giver = 0; giver < rooms.size(); giver++) {
      for (Move<Hopping> move : moves(giver, rooms.get(giver), fleet)) {
        Hopping job = move.job();
        rooms.get(giver).remove(job);
        rooms.get(move.partition()).add(new Hopping(job.number(), job.adapter(), job.hops() + 1));
      }
    }
  }

  private List<Move<Hopping>> moves(int giver, List<Hopping> room, Fleet fleet) {
    return handover.moves(room, COLD, "w" + giver, fleet, job -> TAKES, Instant.EPOCH);
  }

  private static List<List<Hopping>> rooms(int workers) {
    List<List<Hopping>> rooms = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      rooms.add(new ArrayList<>());
    }
    return rooms;
  }

  private static double behind(List<Hopping> room) {
    return room.size() * TAKES.toSeconds();
  }

  /** Worker n owns partition n. */
  private static Fleet fleet(List<List<Hopping>> rooms) {
    SwapCosts costs = new SwapCosts(0, 1, 2, 4);
    List<FleetWorker> workers = new ArrayList<>();
    for (int n = 0; n < rooms.size(); n++) {
      workers.add(
          new FleetWorker(
              "w" + n,
              List.of(n),
              behind(rooms.get(n)),
              Instant.EPOCH,
              false,
              Residency.EMPTY,
              costs,
              Abilities.UNKNOWN));
    }
    return new Fleet(rooms.size(), workers);
  }

  private record Hopping(int number, String adapter, int hops) implements WaitingJob {
    @Override
    public Lane lane() {
      return Lane.INTERACTIVE;
    }

    @Override
    public String tenant() {
      return "t";
    }

    @Override
    public Instant arrivedAt() {
      return Instant.EPOCH;
    }

    @Override
    public Optional<Instant> startBy() {
      return Optional.empty();
    }
  }
}
