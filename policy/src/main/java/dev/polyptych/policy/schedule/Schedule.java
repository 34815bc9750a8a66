package dev.polyptych.policy.schedule;

import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Chooses the next job: warm first, within limits.
 *
 * <ol>
 *   <li>A job whose deadline has passed or can't be met goes at once. It costs no GPU time.
 *   <li>Within the streak, jobs of the warm adapter go before all others, unless their tenant is
 *       ahead of another by more than the age limit. The streak lasts until its jobs have paid for
 *       the swap, each with a small part of a render. While no costs are measured, it lasts for the
 *       streak quantum.
 *   <li>Otherwise the choice is free: interactive goes before batch, unless batch is due.
 *   <li>In that lane the tenant with the least GPU time has its turn.
 *   <li>Of its jobs the oldest goes if it is over the age limit, else the oldest of the warm
 *       adapter, else the oldest. But if the streak ended for lack of jobs before it had paid, the
 *       adapter with the longest total waiting time goes, because its streak will be longer.
 * </ol>
 *
 * <p>So where swaps cost nothing, jobs over the age limit go in order of age.
 *
 * <p>If two tenants always have jobs waiting in a lane, their GPU time there differs by at most the
 * age limit and one job, because a tenant that is ahead by more than the age limit gets no job. A
 * swap counts for the tenant whose job needs it. A single tenant always has the turn.
 *
 * <p>No job starves. Only a free choice counts as a lane's turn. If batch jobs within a streak
 * counted, they could take the turn of an old job for ever. And batch never has two turns in a row,
 * because a streak may hold enough interactive jobs to make batch due again. So both lanes have a
 * turn at least every {@code batchEvery + 2 * streakQuantum + 1} decisions. A tenant has the lane's
 * turn in proportion to its share. Its oldest job goes once that job is over the age limit.
 */
public final class Schedule {
  private final ScheduleRules rules;

  public Schedule(ScheduleRules rules) {
    this.rules = rules;
  }

  /**
   * @param waiting in any order; of jobs that arrived together the first is preferred
   */
  public <J extends WaitingJob> Decision<J> next(
      Collection<J> waiting, ScheduleState state, Instant now) {
    return next(waiting, state, now, unknown -> Duration.ZERO);
  }

  /**
   * As {@link #next(Collection, ScheduleState, Instant)}. A job that can't be finished in time goes
   * at once, too.
   *
   * @param renderTime how long a job takes; zero when that is not known
   */
  public <J extends WaitingJob> Decision<J> next(
      Collection<J> waiting,
      ScheduleState state,
      Instant now,
      Function<? super J, Duration> renderTime) {
    Optional<J> overdue = oldest(waiting, job -> late(job, now, renderTime));
    if (overdue.isPresent()) {
      return new Decision.Expire<>(overdue.get());
    }
    return choose(waiting, state, now)
        .<Decision<J>>map(
            job ->
                state.isWarm(job.adapter())
                    ? new Decision.Render<>(job)
                    : new Decision.SwapAndRender<>(job))
        .orElseGet(Decision.Nothing::new);
  }

  /** The state after a job that {@link #next} chose was rendered. */
  public ScheduleState rendered(ScheduleState before, WaitingJob job) {
    boolean warm = before.isWarm(job.adapter());
    boolean free = free(before, job);
    boolean batch = job.lane() == Lane.BATCH;
    int sinceBatch = batch ? before.sinceBatch() : before.sinceBatch() + 1;
    return new ScheduleState(
        Optional.of(job.adapter()),
        warm ? before.streak() + 1 : 1,
        free && batch ? 0 : sinceBatch,
        free ? batch : before.batchHadTurn(),
        before.shares(),
        before.costs().known() ? before.costs().owed(before.owedSeconds(), job.adapter()) : 0,
        before.costs());
  }

  /**
   * The state after a job that {@link #next} chose has had the GPU for a time, whatever the
   * outcome. Call it before {@link #rendered}.
   */
  public ScheduleState charged(ScheduleState before, WaitingJob job, Duration took) {
    return before.withShares(before.shares().charged(job, took, free(before, job)));
  }

  /**
   * The adapter that is likely to be warm next, to be read ahead. Empty when all waiting jobs use
   * the warm one.
   */
  public <J extends WaitingJob> Optional<String> prefetch(
      Collection<J> waiting, ScheduleState state, Instant now) {
    List<J> others = filtered(waiting, job -> !state.isWarm(job.adapter()));
    return choose(others, state, now).map(WaitingJob::adapter);
  }

  /** Whether the choice was free, not forced by a streak. */
  private boolean free(ScheduleState before, WaitingJob job) {
    return !before.isWarm(job.adapter()) || !inStreak(before);
  }

  /** Whether the warm adapter's jobs have not paid for its swap yet. */
  private boolean inStreak(ScheduleState state) {
    return state.costs().known() ? state.owedSeconds() > 0 : state.streak() < rules.streakQuantum();
  }

  private <J extends WaitingJob> Optional<J> choose(
      Collection<J> waiting, ScheduleState state, Instant now) {
    if (state.warm().isPresent() && inStreak(state)) {
      List<J> warm = filtered(waiting, job -> state.isWarm(job.adapter()));
      List<J> fair = state.shares().withinLead(warm, waiting, rules.ageLimit());
      if (!fair.isEmpty()) {
        return oldest(turn(fair, batchIsDue(state), state), any -> true);
      }
    }
    List<J> turn = turn(waiting, batchIsDue(state) && !state.batchHadTurn(), state);
    return state.owedSeconds() > 0
        ? new Pressure<>(turn, now).most()
        : oldest(turn, any -> true).map(oldest -> warmUnlessOld(oldest, turn, state, now));
  }

  private <J extends WaitingJob> J warmUnlessOld(
      J oldest, List<J> turn, ScheduleState state, Instant now) {
    return agedOut(oldest, now)
        ? oldest
        : oldest(turn, job -> state.isWarm(job.adapter())).orElse(oldest);
  }

  /** The jobs of the lane and the tenant whose turn it is. */
  private static <J extends WaitingJob> List<J> turn(
      Collection<J> jobs, boolean batchFirst, ScheduleState state) {
    return state.shares().turn(ofLane(jobs, batchFirst ? Lane.BATCH : Lane.INTERACTIVE));
  }

  private boolean batchIsDue(ScheduleState state) {
    return state.sinceBatch() >= rules.batchEvery();
  }

  /** Jobs of a lane; all, when it has none. */
  private static <J extends WaitingJob> List<J> ofLane(Collection<J> jobs, Lane lane) {
    List<J> there = filtered(jobs, job -> job.lane() == lane);
    return there.isEmpty() ? List.copyOf(jobs) : there;
  }

  private boolean agedOut(WaitingJob job, Instant now) {
    return job.arrivedAt().plus(rules.ageLimit()).isBefore(now);
  }

  private static <J extends WaitingJob> boolean late(
      J job, Instant now, Function<? super J, Duration> renderTime) {
    return job.startBy().filter(now::isAfter).isPresent()
        || job.finishBy().filter(end -> now.plus(renderTime.apply(job)).isAfter(end)).isPresent();
  }

  private static <J extends WaitingJob> List<J> filtered(
      Collection<J> jobs, Predicate<? super J> which) {
    List<J> filtered = new ArrayList<>(jobs.size());
    for (J job : jobs) {
      if (which.test(job)) {
        filtered.add(job);
      }
    }
    return filtered;
  }

  private static <J extends WaitingJob> Optional<J> oldest(
      Collection<J> jobs, Predicate<? super J> which) {
    J oldest = null;
    for (J job : jobs) {
      if (which.test(job) && (oldest == null || job.arrivedAt().isBefore(oldest.arrivedAt()))) {
        oldest = job;
      }
    }
    return Optional.ofNullable(oldest);
  }
}
