package dev.polyptych.policy.schedule;

import static dev.polyptych.schema.job.Lane.BATCH;
import static dev.polyptych.schema.job.Lane.INTERACTIVE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final ScheduleState WARM_A = new ScheduleState(Optional.of("a"), 10, 0, false);

  private final Schedule schedule = new Schedule(new ScheduleRules(3, Duration.ofSeconds(100), 2));

  @Test
  void nothingWaitingMeansNothingToDo() {
    assertEquals(new Decision.Nothing<>(), schedule.next(List.<Waiting>of(), WARM_A, now(0)));
  }

  @Test
  void aYoungJobOfTheWarmAdapterGoesBeforeAnOlderOneOfAnother() {
    // Given
    Waiting cold = Waiting.of(1, "b", INTERACTIVE, 0);
    Waiting warm = Waiting.of(2, "a", INTERACTIVE, 5);
    // When
    Decision<Waiting> decision = schedule.next(List.of(cold, warm), WARM_A, now(6));
    // Then
    assertEquals(new Decision.Render<>(warm), decision);
  }

  @Test
  void anOldJobGoesFirstOnceTheQuantumIsUsedUp() {
    // Given
    Waiting cold = Waiting.of(1, "b", INTERACTIVE, 0);
    Waiting warm = Waiting.of(2, "a", INTERACTIVE, 5);
    // When
    Decision<Waiting> decision = schedule.next(List.of(cold, warm), WARM_A, now(101));
    // Then
    assertEquals(new Decision.SwapAndRender<>(cold), decision);
  }

  @Test
  void theQuantumIsUsedUpByAsManyJobsAsItSays() {
    // Given
    ScheduleState threeJobs = new ScheduleState(Optional.of("a"), 3, 0, false);
    Waiting cold = Waiting.of(1, "b", INTERACTIVE, 0);
    Waiting warm = Waiting.of(2, "a", INTERACTIVE, 5);
    // When
    Decision<Waiting> decision = schedule.next(List.of(cold, warm), threeJobs, now(101));
    // Then
    assertEquals(new Decision.SwapAndRender<>(cold), decision);
  }

  @Test
  void aStreakThatHasJustPaidForItsSwapIsOver() {
    // Given
    ScheduleState paid =
        new ScheduleState(Optional.of("a"), 1, 0, false)
            .withCosts(new Costs(10, new SwapCosts(1, 1, 1, 1), Residency.EMPTY));
    Waiting cold = Waiting.of(1, "b", INTERACTIVE, 0);
    Waiting warm = Waiting.of(2, "a", INTERACTIVE, 5);
    // When
    Decision<Waiting> decision = schedule.next(List.of(cold, warm), paid, now(101));
    // Then
    assertEquals(new Decision.SwapAndRender<>(cold), decision);
  }

  @Test
  void withinTheQuantumEvenAnOldJobWaits() {
    // Given
    ScheduleState justSwapped = new ScheduleState(Optional.of("a"), 2, 0, false);
    Waiting cold = Waiting.of(1, "b", INTERACTIVE, 0);
    Waiting warm = Waiting.of(2, "a", BATCH, 5);
    // When
    Decision<Waiting> decision = schedule.next(List.of(cold, warm), justSwapped, now(101));
    // Then
    assertEquals(new Decision.Render<>(warm), decision);
  }

  @Test
  void interactiveGoesBeforeBatch() {
    // Given
    Waiting batch = Waiting.of(1, "a", BATCH, 0);
    Waiting interactive = Waiting.of(2, "b", INTERACTIVE, 5);
    // When
    Decision<Waiting> decision = schedule.next(List.of(batch, interactive), WARM_A, now(6));
    // Then
    assertEquals(new Decision.SwapAndRender<>(interactive), decision);
  }

  @Test
  void batchGetsItsShareAfterSoManyInteractiveJobs() {
    // Given
    ScheduleState batchIsDue = new ScheduleState(Optional.of("a"), 10, 2, false);
    Waiting batch = Waiting.of(1, "b", BATCH, 5);
    Waiting interactive = Waiting.of(2, "a", INTERACTIVE, 0);
    // When
    Decision<Waiting> decision = schedule.next(List.of(batch, interactive), batchIsDue, now(6));
    // Then
    assertEquals(new Decision.SwapAndRender<>(batch), decision);
  }

  @Test
  void aJobWhoseDeadlineHasPassedIsSettledFirst() {
    // Given
    Waiting late = new Waiting(1, "b", BATCH, "t", 5, Optional.of(now(7)));
    Waiting warm = Waiting.of(2, "a", INTERACTIVE, 0);
    // When
    Decision<Waiting> decision = schedule.next(List.of(warm, late), WARM_A, now(8));
    // Then
    assertEquals(new Decision.Expire<>(late), decision);
  }

  @Test
  void aJobThatCanNotBeFinishedInTimeIsSettledFirstAndOneThatCanIsRendered() {
    // Given
    Waiting warm = Waiting.of(1, "a", INTERACTIVE, 0);
    FinishBy hopeless = new FinishBy(Waiting.of(2, "b", BATCH, 5), now(17));
    FinishBy feasible = new FinishBy(Waiting.of(3, "b", BATCH, 4), now(18));
    // When
    Decision<WaitingJob> decision =
        schedule.next(
            List.of(warm, feasible, hopeless), WARM_A, now(8), job -> Duration.ofSeconds(10));
    // Then
    assertEquals(new Decision.Expire<>(hopeless), decision);
  }

  @Test
  void aFreeChoiceIsTheTenantsWhoHasHadLeast() {
    // Given
    Waiting old = Waiting.of(1, "a", INTERACTIVE, 0).of("flood");
    Waiting young = Waiting.of(2, "b", INTERACTIVE, 5).of("modest");
    ScheduleState flooded = schedule.charged(WARM_A, old, Duration.ofSeconds(1));
    // When
    Decision<Waiting> decision = schedule.next(List.of(old, young), flooded, now(200));
    // Then
    assertEquals(new Decision.SwapAndRender<>(young), decision);
  }

  @Test
  void aStreakHoldsATenantUntilItIsAheadByMoreThanTheAgeLimit() {
    // Given
    ScheduleState justSwapped = new ScheduleState(Optional.of("a"), 1, 0, false);
    Waiting warm = Waiting.of(1, "a", INTERACTIVE, 5).of("flood");
    Waiting cold = Waiting.of(2, "b", INTERACTIVE, 0).of("modest");
    ScheduleState ahead = schedule.charged(justSwapped, warm, Duration.ofSeconds(100));
    ScheduleState tooFar = schedule.charged(ahead, warm, Duration.ofMillis(1));
    // When
    Decision<Waiting> within = schedule.next(List.of(warm, cold), ahead, now(6));
    Decision<Waiting> beyond = schedule.next(List.of(warm, cold), tooFar, now(6));
    // Then
    assertEquals(new Decision.Render<>(warm), within);
    assertEquals(new Decision.SwapAndRender<>(cold), beyond);
  }

  @Test
  void whoComesBackHasNothingSavedUp() {
    // Given one who had its turns alone for an hour
    ScheduleState standing = WARM_A;
    for (int i = 0; i < 360; i++) {
      Waiting alone = Waiting.of(i, "a", INTERACTIVE, 0).of("steady");
      standing = schedule.charged(standing, alone, Duration.ofSeconds(10));
    }
    // When another comes and has had two turns
    Waiting back = Waiting.of(1000, "b", INTERACTIVE, 5).of("back");
    Waiting steady = Waiting.of(1001, "b", INTERACTIVE, 6).of("steady");
    standing = schedule.charged(standing, back, Duration.ofSeconds(10));
    standing = schedule.charged(standing, back, Duration.ofSeconds(10));
    // Then it is the first one's turn
    Decision<Waiting> decision = schedule.next(List.of(back, steady), standing, now(7));
    assertEquals(new Decision.SwapAndRender<>(steady), decision);
  }

  @Test
  void aMeasuredSwapIsPaidForByAsManyJobsAsMakeItAFewPercentOfTheTime() {
    // Given a swap of a tenth of a render: four jobs pay for it, with 3 % of a render each
    Costs tenth = new Costs(10, new SwapCosts(0, 1, 1, 1), Residency.of(Map.of()));
    Waiting warm = Waiting.of(1, "a", INTERACTIVE, 150);
    Waiting old = Waiting.of(2, "b", INTERACTIVE, 0);
    ScheduleState standing = schedule.rendered(ScheduleState.START.withCosts(tenth), warm);
    // When
    List<String> order = new ArrayList<>();
    Costs swapped = new Costs(10, tenth.swap(), Residency.of(Map.of("a", Tier.WARM)));
    for (int i = 0; i < 4; i++) {
      standing = standing.withCosts(swapped);
      order.add(adapter(schedule.next(List.of(warm, old), standing, now(200))));
      standing = schedule.rendered(standing, warm);
    }
    // Then
    assertEquals(List.of("a", "a", "a", "b"), order);
  }

  @Test
  void aStreakThatEndedUnpaidIsFollowedByTheAdapterWhoseJobsHaveWaitedLongestTogether() {
    // Given a swap of ten renders, and no job of its adapter
    Costs dear = new Costs(10, new SwapCosts(0, 100, 100, 100), Residency.EMPTY);
    ScheduleState owing =
        schedule.rendered(ScheduleState.START.withCosts(dear), Waiting.of(1, "a", INTERACTIVE, 0));
    Waiting oldest = Waiting.of(2, "b", INTERACTIVE, 10);
    Waiting one = Waiting.of(3, "c", INTERACTIVE, 60);
    Waiting two = Waiting.of(4, "c", INTERACTIVE, 61);
    // When
    Decision<Waiting> soon = schedule.next(List.of(oldest, one, two), owing, now(200));
    Decision<Waiting> sooner = schedule.next(List.of(oldest, one, two), owing, now(90));
    // Then 190 s are less than 140 and 139 s, but 80 s are more than 30 and 29 s
    assertEquals(new Decision.SwapAndRender<>(one), soon);
    assertEquals(new Decision.SwapAndRender<>(oldest), sooner);
  }

  @Test
  void whereSwapsCostNothingAnOldJobGoesAtOnce() {
    // Given
    Costs free = new Costs(10, SwapCosts.NONE, Residency.EMPTY);
    Waiting warm = Waiting.of(1, "a", INTERACTIVE, 150);
    Waiting old = Waiting.of(2, "b", INTERACTIVE, 0);
    ScheduleState standing = schedule.rendered(ScheduleState.START.withCosts(free), warm);
    // When
    String next = adapter(schedule.next(List.of(warm, old), standing, now(200)));
    // Then
    assertEquals("b", next);
  }

  @Test
  void theAdapterOfTheNextSwapIsKnownDuringAStreak() {
    // Given
    ScheduleState justSwapped = new ScheduleState(Optional.of("a"), 1, 0, false);
    Waiting warm = Waiting.of(1, "a", INTERACTIVE, 0);
    Waiting cold = Waiting.of(2, "b", INTERACTIVE, 5);
    // When
    Optional<String> next = schedule.prefetch(List.of(warm, cold), justSwapped, now(6));
    // Then
    assertEquals(Optional.of("b"), next);
  }

  private static String adapter(Decision<Waiting> decision) {
    return switch (decision) {
      case Decision.Render<Waiting>(Waiting job) -> job.adapter();
      case Decision.SwapAndRender<Waiting>(Waiting job) -> job.adapter();
      case Decision.Expire<Waiting>(Waiting job) -> throw new AssertionError("expired " + job);
      case Decision.Nothing<Waiting>() -> throw new AssertionError("jobs wait");
    };
  }

  private record FinishBy(Waiting job, Instant at) implements WaitingJob {
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

    @Override
    public Optional<Instant> finishBy() {
      return Optional.of(at);
    }
  }

  private static java.time.Instant now(int second) {
    return Waiting.at(second);
  }
}
