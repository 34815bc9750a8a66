package dev.polyptych.policy.schedule;

import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Warm first, within limits.
 *
 * <ol>
 *   <li>A job whose deadline has passed or can't be met goes at once: it costs nothing and frees
 *       its place.
 *   <li>Within the streak any job of the warm adapter goes before any other, unless its tenant is
 *       ahead of another by more than the age limit. The streak lasts until the jobs have paid for
 *       the swap, each with a small part of a render; as long as no costs were measured, for the
 *       streak quantum.
 *   <li>Else the choice is free: interactive goes before batch, unless batch is due.
 *   <li>In the lane so chosen it is the turn of the tenant that has had least GPU time.
 *   <li>Of its jobs there the oldest goes if it is over the age limit, else the oldest of the warm
 *       adapter, else the oldest. But if the streak ended for want of jobs before it had paid, the
 *       adapter goes whose jobs have waited longest, all waits together: that makes for a longer
 *       streak.
 * </ol>
 *
 * <p>So where swaps cost nothing, jobs over the age limit go in their order, whatever is warm.
 *
 * <p>Two tenants that both always wait in a lane have had GPU time there that differs by no more
 * than the age limit and one job: nobody is given a job who is ahead by more than the one. What a
 * swap takes is on the account of whose job it is made for. A tenant by itself is always the one
 * whose turn it is.
 *
 * <p>Nothing starves. Only a free choice counts as a lane's turn: did a batch job that a streak
 * happened to hold count, it could take the turn of an old one for ever. And batch never has two
 * turns in a row, since a streak may hold enough interactive jobs to make it due again. So both
 * lanes have a turn at least every {@code batchEvery + 2 * streakQuantum + 1} decisions; a tenant
 * has the lane's turn as often as its share is; and it is the tenant's oldest job's once that is
 * over the age limit.
 */
public final class Schedule {
  private static final Comparator<WaitingJob> BY_AGE = Comparator.comparing(WaitingJob::arrivedAt);

  private final ScheduleRules rules;

  public Schedule(ScheduleRules rules) {
    this.rules = rules;
  }

  /**
   * @param waiting in any order; of jobs that arrived together the first is preferred
   */
  public <J extends WaitingJob> Decision<J> next(
      Collection<J> waiting, ScheduleState standing, Instant now) {
    return next(waiting, standing, now, unknown -> Duration.ZERO);
  }

  /**
   * As {@link #next(Collection, Standing, Instant)}, and a job that can't be finished in time goes
   * at once, too.
   *
   * @param renderTime how long a job takes, zero when that is not known
   */
  public <J extends WaitingJob> Decision<J> next(
      Collection<J> waiting,
      ScheduleState standing,
      Instant now,
      Function<? super J, Duration> renderTime) {
    Optional<J> overdue = oldest(waiting, job -> late(job, now, renderTime));
    if (overdue.isPresent()) {
      return new Decision.Expire<>(overdue.get());
    }
    return choose(waiting, standing, now)
        .<Decision<J>>map(
            job ->
                standing.isWarm(job.adapter())
                    ? new Decision.Render<>(job)
                    : new Decision.SwapAndRender<>(job))
        .orElseGet(Decision.Nothing::new);
  }

  /** The standing once a job that {@link #next} chose has been rendered. */
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
   * The standing once a job that {@link #next} chose has had the GPU for a while, whatever came of
   * it; goes before {@link #rendered}.
   */
  public ScheduleState charged(ScheduleState before, WaitingJob job, Duration took) {
    return before.withShares(before.shares().charged(job, took, free(before, job)));
  }

  /**
   * The adapter that is likely to be made warm next, to be brought nearer meanwhile; empty when all
   * that wait are of the warm one.
   */
  public <J extends WaitingJob> Optional<String> prefetch(
      Collection<J> waiting, ScheduleState standing, Instant now) {
    List<J> others = filtered(waiting, job -> !standing.isWarm(job.adapter()));
    return choose(others, standing, now).map(WaitingJob::adapter);
  }

  /**
   * Jobs to render in one go with a chosen one, which comes first: of its adapter, lane, tenant and
   * shape, the oldest.
   *
   * @param atMost how many the device gains from, as measured; 1 when it gains nothing
   */
  public <J extends WaitingJob> List<J> together(J chosen, Collection<J> waiting, int atMost) {
    Stream<J> alike =
        waiting.stream()
            .filter(job -> !job.equals(chosen) && alike(job, chosen))
            .sorted(BY_AGE)
            .limit(Math.max(0, atMost - 1));
    return Stream.concat(Stream.of(chosen), alike).toList();
  }

  private static boolean alike(WaitingJob job, WaitingJob other) {
    return job.shape().isPresent()
        && job.shape().equals(other.shape())
        && job.adapter().equals(other.adapter())
        && job.lane() == other.lane()
        && job.tenant().equals(other.tenant());
  }

  /** Whether no streak forced the choice. */
  private boolean free(ScheduleState before, WaitingJob job) {
    return !before.isWarm(job.adapter()) || !inStreak(before);
  }

  /** Whether the warm adapter has not been used enough yet for what it took to make it warm. */
  private boolean inStreak(ScheduleState standing) {
    return standing.costs().known()
        ? standing.owedSeconds() > 0
        : standing.streak() < rules.streakQuantum();
  }

  private <J extends WaitingJob> Optional<J> choose(
      Collection<J> waiting, ScheduleState standing, Instant now) {
    if (standing.warm().isPresent() && inStreak(standing)) {
      List<J> warm = filtered(waiting, job -> standing.isWarm(job.adapter()));
      List<J> fair = standing.shares().withinLead(warm, waiting, rules.ageLimit());
      if (!fair.isEmpty()) {
        return oldest(turn(fair, batchIsDue(standing), standing), any -> true);
      }
    }
    List<J> turn = turn(waiting, batchIsDue(standing) && !standing.batchHadTurn(), standing);
    return standing.owedSeconds() > 0
        ? new Pressure<>(turn, now).most()
        : oldest(turn, any -> true).map(oldest -> warmUnlessOld(oldest, turn, standing, now));
  }

  private <J extends WaitingJob> J warmUnlessOld(
      J oldest, List<J> turn, ScheduleState standing, Instant now) {
    return agedOut(oldest, now)
        ? oldest
        : oldest(turn, job -> standing.isWarm(job.adapter())).orElse(oldest);
  }

  /** The jobs of the lane and the tenant whose turn it is. */
  private static <J extends WaitingJob> List<J> turn(
      Collection<J> jobs, boolean batchFirst, ScheduleState standing) {
    return standing.shares().turn(ofLane(jobs, batchFirst ? Lane.BATCH : Lane.INTERACTIVE));
  }

  private boolean batchIsDue(ScheduleState standing) {
    return standing.sinceBatch() >= rules.batchEvery();
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
