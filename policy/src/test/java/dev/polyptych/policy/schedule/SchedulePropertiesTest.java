package dev.polyptych.policy.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
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

  /**
   * Jobs of few adapters in a full room, so that large groups always compete with a single job. It
   * goes at the latest when it has waited as long as all jobs of any other adapter together: a full
   * room of jobs that have each waited for as many.
   */
  @Property(tries = 100)
  void nothingStarvesWhileSwapsAreOwed(
      @ForAll @DoubleRange(min = 0.01, max = 20) double swapRenders,
      @ForAll @IntRange(min = 1, max = 40) int ageLimit,
      @ForAll @IntRange(min = 4, max = 60) int room,
      @ForAll long seed) {
    SwapCosts swap = new SwapCosts(swapRenders, swapRenders, swapRenders, swapRenders);
    Run run = new Run(new ScheduleRules(1, Duration.ofSeconds(ageLimit), 3), seed, room);
    // Given
    run.waiting.add(Waiting.of(-1, "poor", Lane.BATCH, 0));
    run.waiting.add(Waiting.of(-2, "needy", Lane.INTERACTIVE, 0));
    // When decisions take a second each, which is a render
    int streak = (int) Math.ceil(2 * swapRenders / 0.03);
    int bound = ageLimit + 8 * (streak + room) + room * room;
    for (int i = 0; i < bound; i++) {
      Residency residency = run.standing.warm().map(Run::warm).orElse(Residency.EMPTY);
      run.standing = run.standing.withCosts(new Costs(1, swap, residency));
      run.decideOnce();
    }
    // Then
    assertTrue(run.chosenAt(-1) >= 0, "batch waited " + bound);
    assertTrue(run.chosenAt(-2) >= 0, "interactive waited " + bound);
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
      ScheduleState before = run.standing;
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

  @Property(tries = 200)
  void tenantsThatAlwaysWaitHaveHadAsMuchButForTheAgeLimitAndOneJob(
      @ForAll @IntRange(min = 1, max = 6) int quantum,
      @ForAll @IntRange(min = 1, max = 40) int ageLimit,
      @ForAll @IntRange(min = 1, max = 5) int batchEvery,
      @ForAll @IntRange(min = 1, max = 60) int flood,
      @ForAll long seed) {
    ScheduleRules rules = new ScheduleRules(quantum, Duration.ofSeconds(ageLimit), batchEvery);
    TenantRun run = new TenantRun(new Schedule(rules), seed);
    for (int i = 0; i < DECISIONS; i++) {
      // Given many jobs of one and one of the other, in each lane
      run.top("flood", flood);
      run.top("modest", 1);
      // When
      run.decide();
      // Then
      for (Lane lane : Lane.values()) {
        Duration ahead = run.had(lane, "flood").minus(run.had(lane, "modest")).abs();
        assertTrue(
            ahead.compareTo(rules.ageLimit().plus(TenantRun.LONGEST)) <= 0,
            lane + " after " + i + ": ahead by " + ahead);
      }
    }
  }

  @Property(tries = 150)
  void aTenantByItselfIsServedAsIfThereWereNoTenants(
      @ForAll @IntRange(min = 1, max = 6) int quantum, @ForAll long seed) {
    ScheduleRules rules = new ScheduleRules(quantum, Duration.ofSeconds(20), 3);
    // Given a worker on which others have had their share, and one where nobody has
    TenantRun afterOthers = new TenantRun(new Schedule(rules), seed);
    for (String other : List.of("x", "y")) {
      Waiting past = Waiting.of(0, "a9", Lane.INTERACTIVE, 0).of(other);
      afterOthers.charge(past, Duration.ofSeconds(Math.floorMod(seed, 100)));
    }
    TenantRun fresh = new TenantRun(new Schedule(rules), seed);
    // When
    for (int i = 0; i < DECISIONS; i++) {
      afterOthers.top("alone", 7);
      afterOthers.decide();
      fresh.top("somebody", 7);
      fresh.decide();
    }
    // Then
    assertEquals(fresh.numbers(), afterOthers.numbers());
  }

  @Property(tries = 150)
  void noTenantsJobStarvesBetweenManyTenants(
      @ForAll @IntRange(min = 1, max = 4) int quantum,
      @ForAll @IntRange(min = 1, max = 10) int ageLimit,
      @ForAll @IntRange(min = 1, max = 3) int batchEvery,
      @ForAll long seed) {
    ScheduleRules rules = new ScheduleRules(quantum, Duration.ofSeconds(ageLimit), batchEvery);
    TenantRun run = new TenantRun(new Schedule(rules), seed);
    // Given
    run.waiting.add(Waiting.of(-1, "rare", Lane.BATCH, 0).of("late"));
    run.waiting.add(Waiting.of(-2, "rare too", Lane.INTERACTIVE, 0).of("late"));
    // When
    for (int i = 0; i < 3 * DECISIONS; i++) {
      run.top("flood", 20);
      run.top("late", 4);
      run.top("other", 4);
      run.decide();
    }
    // Then
    assertTrue(run.numbers().containsAll(List.of(-1, -2)), "one was never chosen");
  }

  /** A worker whose jobs take one to ten seconds, of which most need one adapter. */
  private static final class TenantRun {
    static final Duration LONGEST = Duration.ofSeconds(10);

    private final Schedule schedule;
    private final Random random;
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();
    private final Map<String, Duration> had = new HashMap<>();
    private ScheduleState standing = ScheduleState.START;
    private int arrivals = 1;
    private int second;

    TenantRun(Schedule schedule, long seed) {
      this.schedule = schedule;
      this.random = new Random(seed);
    }

    /** Lets jobs come until so many of the tenant wait in each lane. */
    void top(String tenant, int count) {
      for (Lane lane : Lane.values()) {
        long there =
            waiting.stream()
                .filter(job -> job.lane() == lane && job.tenant().equals(tenant))
                .count();
        for (long i = there; i < count; i++) {
          String adapter = random.nextInt(4) > 0 ? "a0" : "a" + random.nextInt(4);
          waiting.add(Waiting.of(arrivals++, adapter, lane, second).of(tenant));
        }
      }
    }

    void decide() {
      Waiting next =
          switch (schedule.next(waiting, standing, Waiting.at(second))) {
            case Decision.Render<Waiting>(Waiting job) -> job;
            case Decision.SwapAndRender<Waiting>(Waiting job) -> job;
            case Decision.Expire<Waiting>(Waiting job) -> job;
            case Decision.Nothing<Waiting>() -> throw new AssertionError("jobs wait");
          };
      int took = 1 + random.nextInt((int) LONGEST.toSeconds());
      waiting.remove(next);
      numbers.add(next.number());
      charge(next, Duration.ofSeconds(took));
      standing = schedule.rendered(standing, next);
      second += took;
    }

    void charge(Waiting job, Duration took) {
      standing = schedule.charged(standing, job, took);
      had.merge(job.lane() + job.tenant(), took, Duration::plus);
    }

    Duration had(Lane lane, String tenant) {
      return had.getOrDefault(lane + tenant, Duration.ZERO);
    }

    List<Integer> numbers() {
      return numbers;
    }
  }

  /** A worker that takes one decision a second while a second brings one job and more. */
  private static final class Run {
    private final Schedule schedule;
    private final Random random;
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<Waiting> chosen = new ArrayList<>();
    private final List<Integer> chosenAt = new ArrayList<>();
    private ScheduleState standing = ScheduleState.START;
    private final int room;
    private int arrivals;
    private int second;

    Run(ScheduleRules rules, long seed) {
      this(rules, seed, Integer.MAX_VALUE);
    }

    /**
     * @param room jobs that may wait; more do not come
     */
    Run(ScheduleRules rules, long seed, int room) {
      this.schedule = new Schedule(rules);
      this.room = room;
      this.random = new Random(seed);
      arrive();
    }

    static Residency warm(String adapter) {
      return Residency.of(Map.of(adapter, Tier.WARM));
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
      for (int i = 0; i < 1 + random.nextInt(2) && waiting.size() < room; i++) {
        String adapter = random.nextInt(4) > 0 ? "a0" : "a" + random.nextInt(4);
        Lane lane = random.nextInt(3) > 0 ? Lane.INTERACTIVE : Lane.BATCH;
        waiting.add(Waiting.of(arrivals++, adapter, lane, second));
      }
    }
  }
}
