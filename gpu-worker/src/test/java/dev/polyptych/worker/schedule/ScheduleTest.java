package dev.polyptych.worker.schedule;

import static dev.polyptych.schema.job.Lane.BATCH;
import static dev.polyptych.schema.job.Lane.INTERACTIVE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.routing.Residency;
import dev.polyptych.schema.routing.SwapCosts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Standing WARM_A = new Standing(Optional.of("a"), 10, 0, false);

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
  void withinTheQuantumEvenAnOldJobWaits() {
    // Given
    Standing justSwapped = new Standing(Optional.of("a"), 2, 0, false);
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
    Standing batchIsDue = new Standing(Optional.of("a"), 10, 2, false);
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
    Standing flooded = schedule.charged(WARM_A, old, Duration.ofSeconds(1));
    // When
    Decision<Waiting> decision = schedule.next(List.of(old, young), flooded, now(200));
    // Then
    assertEquals(new Decision.SwapAndRender<>(young), decision);
  }

  @Test
  void aStreakHoldsATenantUntilItIsAheadByMoreThanTheAgeLimit() {
    // Given
    Standing justSwapped = new Standing(Optional.of("a"), 1, 0, false);
    Waiting warm = Waiting.of(1, "a", INTERACTIVE, 5).of("flood");
    Waiting cold = Waiting.of(2, "b", INTERACTIVE, 0).of("modest");
    Standing ahead = schedule.charged(justSwapped, warm, Duration.ofSeconds(100));
    Standing tooFar = schedule.charged(ahead, warm, Duration.ofMillis(1));
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
    Standing standing = WARM_A;
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
  void aMeasuredSwapIsPaidForByAsManyJobsAsMakeItATenthOfTheTime() {
    // Given swaps of half a render: five jobs pay for one
    Costs half = new Costs(10, new SwapCosts(0, 5, 5, 5), Residency.of(Map.of()));
    Waiting warm = Waiting.of(1, "a", INTERACTIVE, 150);
    Waiting old = Waiting.of(2, "b", INTERACTIVE, 0);
    Standing standing = schedule.rendered(Standing.START.withCosts(half), warm);
    // When
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      order.add(adapter(schedule.next(List.of(warm, old), standing, now(200))));
      standing = schedule.rendered(standing, warm);
    }
    // Then
    assertEquals(List.of("a", "a", "a", "a", "b"), order);
  }

  @Test
  void whereSwapsCostNothingAnOldJobGoesAtOnce() {
    // Given
    Costs free = new Costs(10, SwapCosts.NONE, Residency.EMPTY);
    Waiting warm = Waiting.of(1, "a", INTERACTIVE, 150);
    Waiting old = Waiting.of(2, "b", INTERACTIVE, 0);
    Standing standing = schedule.rendered(Standing.START.withCosts(free), warm);
    // When
    String next = adapter(schedule.next(List.of(warm, old), standing, now(200)));
    // Then
    assertEquals("b", next);
  }

  @Test
  void theAdapterOfTheNextSwapIsKnownDuringAStreak() {
    // Given
    Standing justSwapped = new Standing(Optional.of("a"), 1, 0, false);
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
