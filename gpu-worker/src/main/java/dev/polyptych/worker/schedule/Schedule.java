package dev.polyptych.worker.schedule;

import dev.polyptych.schema.job.Lane;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Warm first, within limits.
 *
 * <ol>
 *   <li>A job whose deadline has passed goes at once: it costs nothing and frees its place.
 *   <li>Within the streak quantum any job of the warm adapter goes before any other.
 *   <li>Then interactive goes before batch, unless batch is due.
 *   <li>In the lane so chosen the oldest job goes if it is over the age limit, else the oldest of
 *       the warm adapter, else the oldest.
 * </ol>
 *
 * <p>Nothing starves: from each quantum at most {@code streakQuantum} decisions go by before the
 * age limit counts, and of {@code batchEvery + 1} decisions that it rules one is batch's.
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
      Collection<J> waiting, Standing standing, Instant now) {
    Optional<J> overdue = oldest(waiting, job -> deadlinePassed(job, now));
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

  private <J extends WaitingJob> Optional<J> choose(
      Collection<J> waiting, Standing standing, Instant now) {
    if (standing.warm().isPresent() && standing.streak() < rules.streakQuantum()) {
      List<J> warm = waiting.stream().filter(job -> standing.isWarm(job.adapter())).toList();
      if (!warm.isEmpty()) {
        return oldest(warm, inLane(warm, standing));
      }
    }
    Predicate<WaitingJob> lane = inLane(waiting, standing);
    return oldest(waiting, lane)
        .map(
            oldest ->
                agedOut(oldest, now)
                    ? oldest
                    : oldest(waiting, lane.and(job -> standing.isWarm(job.adapter())))
                        .orElse(oldest));
  }

  /** The lane whose turn it is, of those that have a job among {@code jobs}. */
  private Predicate<WaitingJob> inLane(Collection<? extends WaitingJob> jobs, Standing standing) {
    Lane preferred = standing.sinceBatch() >= rules.batchEvery() ? Lane.BATCH : Lane.INTERACTIVE;
    boolean available = jobs.stream().anyMatch(job -> job.lane() == preferred);
    return job -> !available || job.lane() == preferred;
  }

  private boolean agedOut(WaitingJob job, Instant now) {
    return job.arrivedAt().plus(rules.ageLimit()).isBefore(now);
  }

  private static boolean deadlinePassed(WaitingJob job, Instant now) {
    return job.deadline().filter(deadline -> deadline.isBefore(now)).isPresent();
  }

  private static <J extends WaitingJob> Optional<J> oldest(
      Collection<J> jobs, Predicate<? super J> which) {
    return jobs.stream().filter(which).min(BY_AGE);
  }
}
