package dev.polyptych.worker.schedule;

import static dev.polyptych.schema.job.Lane.BATCH;
import static dev.polyptych.schema.job.Lane.INTERACTIVE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    Waiting late = new Waiting(1, "b", BATCH, 5, Optional.of(now(7)));
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
