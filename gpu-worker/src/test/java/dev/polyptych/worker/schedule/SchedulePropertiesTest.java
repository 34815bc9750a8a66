package dev.polyptych.worker.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A worker under adverse arrivals: at every decision new jobs may have come, of any kind. */
class SchedulePropertiesTest {
  private static final int DECISIONS = 300;

  @Property(tries = 150)
  void nothingStarves(
      @ForAll @IntRange(min = 1, max = 6) int quantum,
      @ForAll @IntRange(min = 1, max = 40) int ageLimit,
      @ForAll @IntRange(min = 1, max = 5) int batchEvery,
      @ForAll long seed) {
    Run run = new Run(new ScheduleRules(quantum, Duration.ofSeconds(ageLimit), batchEvery), seed);
    // Given a job of each lane that competes with a stream of jobs of other adapters
    run.waiting.add(Waiting.of(-1, "poor", Lane.BATCH, 0));
    run.waiting.add(Waiting.of(-2, "needy", Lane.INTERACTIVE, 0));
    // When
    run.decide(DECISIONS);
    // Then it is its turn, since at most two jobs of its lane are as old
    int bound = ageLimit + 3 * (batchEvery + 2 * quantum + 1) + 1;
    assertTrue(
        run.chosenAt(-1) >= 0 && run.chosenAt(-1) <= bound,
        "batch waited " + run.chosenAt(-1) + " of " + bound);
    assertTrue(
        run.chosenAt(-2) >= 0 && run.chosenAt(-2) <= bound,
        "interactive waited " + run.chosenAt(-2) + " of " + bound);
  }

  @Property(tries = 150)
  void everyJobIsChosenAtMostOnceAndARemovedOneNever(@ForAll long seed) {
    Run run = new Run(ScheduleRules.DEFAULT, seed);
    // Given
    run.decide(50);
    Waiting removed = Waiting.of(-1, "a0", Lane.INTERACTIVE, 0);
    run.waiting.add(removed);
    run.waiting.remove(removed);
    // When
    run.decide(100);
    // Then
    assertEquals(-1, run.chosenAt(-1));
    assertEquals(run.chosen.size(), run.chosen.stream().distinct().count());
  }

  @Property(tries = 150)
  void withinTheQuantumAWarmJobIsNeverPassedOver(
      @ForAll @IntRange(min = 1, max = 8) int quantum, @ForAll long seed) {
    Run run = new Run(new ScheduleRules(quantum, Duration.ofSeconds(1), 1), seed);
    for (int i = 0; i < DECISIONS; i++) {
      // Given
      Standing before = run.standing;
      boolean warmWaits = run.waiting.stream().anyMatch(job -> before.isWarm(job.adapter()));
      // When
      Waiting next = run.decideOnce();
      // Then
      if (warmWaits && before.streak() < quantum) {
        assertTrue(before.isWarm(next.adapter()), "left a streak of " + before.streak());
      }
    }
  }

  @Property(tries = 150)
  void batchKeepsItsShareWhileItWaits(
      @ForAll @IntRange(min = 1, max = 5) int batchEvery, @ForAll long seed) {
    int quantum = 3;
    Run run = new Run(new ScheduleRules(quantum, Duration.ofSeconds(20), batchEvery), seed);
    int interactiveInARow = 0;
    for (int i = 0; i < DECISIONS; i++) {
      // Given
      boolean batchWaits = run.waiting.stream().anyMatch(job -> job.lane() == Lane.BATCH);
      // When
      Waiting next = run.decideOnce();
      // Then its turn may be put off by two streaks at most
      interactiveInARow = batchWaits && next.lane() == Lane.INTERACTIVE ? interactiveInARow + 1 : 0;
      assertTrue(
          interactiveInARow <= batchEvery + 2 * quantum, "batch waited " + interactiveInARow);
    }
  }

  /** A worker that takes one decision a second while a second brings one job and more. */
  private static final class Run {
    private final Schedule schedule;
    private final Random random;
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<Waiting> chosen = new ArrayList<>();
    private final List<Integer> chosenAt = new ArrayList<>();
    private Standing standing = Standing.START;
    private int arrivals;
    private int second;

    Run(ScheduleRules rules, long seed) {
      this.schedule = new Schedule(rules);
      this.random = new Random(seed);
      arrive();
    }

    void decide(int times) {
      for (int i = 0; i < times; i++) {
        decideOnce();
      }
    }

    Waiting decideOnce() {
      arrive();
      Waiting next =
          switch (schedule.next(waiting, standing, Waiting.at(second))) {
            case Decision.Render<Waiting>(Waiting job) -> job;
            case Decision.SwapAndRender<Waiting>(Waiting job) -> job;
            case Decision.Expire<Waiting>(Waiting job) -> job;
            case Decision.Nothing<Waiting>() -> throw new AssertionError("jobs wait");
          };
      waiting.remove(next);
      chosen.add(next);
      chosenAt.add(second);
      standing = schedule.rendered(standing, next);
      second++;
      return next;
    }

    /** The decision at which a job was chosen; -1 when it was not. */
    int chosenAt(int number) {
      for (int i = 0; i < chosen.size(); i++) {
        if (chosen.get(i).number() == number) {
          return chosenAt.get(i);
        }
      }
      return -1;
    }

    /**
     * More than a decision takes away, mostly of one adapter, so that streaks could go on for ever.
     */
    private void arrive() {
      for (int i = 0; i < 1 + random.nextInt(2); i++) {
        String adapter = random.nextInt(4) > 0 ? "a0" : "a" + random.nextInt(4);
        Lane lane = random.nextInt(3) > 0 ? Lane.INTERACTIVE : Lane.BATCH;
        waiting.add(Waiting.of(arrivals++, adapter, lane, second));
      }
    }
  }
}
