package dev.polyptych.policy.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HandoverTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final ScheduleState WARM_A = new ScheduleState(Optional.of("a"), 1, 0, false);

  private final Handover handover = new Handover();

  @Test
  void aLoadedWorkerGivesAnIdleOneAsMuchAsMakesThemEven() {
    // Given ten jobs of 10 s here, and a swap of 20 s there
    Fleet fleet = fleet(100, 0);
    // When
    List<Move<Waiting>> moves = moves("w0", jobs("b", 10), fleet);
    // Then 4 × 10 + 20 s there, 60 s here
    assertEquals(List.of(0, 1, 2, 3), moves.stream().map(move -> move.job().number()).toList());
    assertEquals(List.of(1, 1, 1, 1), moves.stream().map(Move::partition).toList());
  }

  @Test
  void nothingIsGivenToAWorkerThatIsLoadedToo() {
    assertEquals(List.of(), moves("w0", jobs("b", 10), fleet(100, 30)));
  }

  @Test
  void aWorkerWithTenSecondsOfWorkIsNotIdle() {
    assertEquals(List.of(), moves("w0", jobs("b", 10), fleet(100, 10)));
    assertEquals(3, moves("w0", jobs("b", 10), fleet(100, 9.9)).size());
  }

  @Test
  void aJobIsGivenWhenItMakesThemEven() {
    // Given 60 s here and 20 s of swap there: with two jobs each has 40 s
    Fleet fleet = fleet(60, 0);
    // When
    List<Move<Waiting>> moves = moves("w0", jobs("b", 6), fleet);
    // Then
    assertEquals(2, moves.size());
  }

  @Test
  void aJobIsNotGivenWhenTheSwapTakesLongerThanItsWait() {
    assertEquals(List.of(), moves("w0", jobs("b", 2), fleet(20, 0)));
  }

  @Test
  void jobsOfTheWarmAdapterAreGivenLast() {
    // Given
    List<Waiting> waiting = new ArrayList<>(jobs("a", 5));
    waiting.add(Waiting.of(9, "b", Lane.BATCH, 9));
    // When
    List<Move<Waiting>> moves = moves("w0", waiting, fleet(60, 0));
    // Then
    assertEquals(9, moves.getFirst().job().number());
  }

  @Test
  void theMostLoadedGivesToTheIdlestAndTheNextToTheNext() {
    // Given
    Fleet fleet = fleet(100, 0, 90, 5);
    // When
    List<Move<Waiting>> most = moves("w0", jobs("b", 10), fleet);
    List<Move<Waiting>> next = moves("w2", jobs("b", 9), fleet);
    // Then
    assertEquals(1, most.getFirst().partition());
    assertEquals(3, next.getFirst().partition());
  }

  @Test
  void aJobThatWasHandedOverTwiceStays() {
    // Given
    List<Hopped> waiting = jobs("b", 10).stream().map(job -> new Hopped(job, 2)).toList();
    // When
    List<Move<Hopped>> moves =
        handover.moves(waiting, WARM_A, "w0", fleet(100, 0), job -> Duration.ofSeconds(10), NOW);
    // Then
    assertEquals(List.of(), moves);
  }

  private List<Move<Waiting>> moves(String self, List<Waiting> waiting, Fleet fleet) {
    return handover.moves(waiting, WARM_A, self, fleet, job -> Duration.ofSeconds(10), NOW);
  }

  private static List<Waiting> jobs(String adapter, int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> Waiting.of(number, adapter, Lane.INTERACTIVE, number))
        .toList();
  }

  /** Worker n owns partition n. */
  private static Fleet fleet(double... outstandingSeconds) {
    SwapCosts costs = new SwapCosts(0, 20, 20, 20);
    List<FleetWorker> workers =
        IntStream.range(0, outstandingSeconds.length)
            .mapToObj(
                n ->
                    new FleetWorker(
                        "w" + n,
                        List.of(n),
                        outstandingSeconds[n],
                        NOW,
                        false,
                        Residency.EMPTY,
                        costs,
                        Abilities.UNKNOWN))
            .toList();
    return new Fleet(outstandingSeconds.length, workers);
  }

  private record Hopped(Waiting job, int hops) implements WaitingJob {
    @Override
    public String adapter() {
      return job.adapter();
    }

    @Override
    public Lane lane() {
      return job.lane();
    }

    @Override
    public String tenant() {
      return job.tenant();
    }

    @Override
    public Instant arrivedAt() {
      return job.arrivedAt();
    }

    @Override
    public Optional<Instant> startBy() {
      return Optional.empty();
    }
  }
}
