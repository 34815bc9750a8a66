package dev.polyptych.policy.schedule;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.policy.routing.PartitionRanking;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which waiting jobs a loaded worker gives to an idle one. All workers see the same fleet and rank
 * it in the same way: the most loaded gives to the least loaded, the second to the second, and so
 * on. So an idle worker gets jobs of one giver, not of all. Call it once for each look at the
 * fleet, because jobs given later are missing in an older one.
 */
public final class Handover {
  /** A job that was handed over so often stays where it is. */
  public static final int MOST_HOPS = 2;

  /**
   * A worker with less work is idle: it finishes before the others see it, after a heartbeat and a
   * look.
   */
  private static final double IDLE_SECONDS = 10;

  private static final Comparator<FleetWorker> BY_LOAD =
      Comparator.comparingDouble(FleetWorker::outstandingSeconds).thenComparing(FleetWorker::id);

  /**
   * Jobs to give away. A job is given only if it starts sooner there: afterwards the receiver has
   * no more work than the giver.
   *
   * @param waiting taken from the broker and not begun
   * @param self the giver's id
   * @param renderTime how long a job takes. A job stays if that is not known
   */
  public <J extends WaitingJob> List<Move<J>> moves(
      Collection<J> waiting,
      ScheduleState state,
      String self,
      Fleet fleet,
      Function<? super J, Duration> renderTime,
      Instant now) {
    return receiver(self, fleet)
        .map(idle -> share(groups(drawnBy(idle, waiting), state, idle), idle, seconds(renderTime)))
        .orElse(List.of());
  }

  private static <J extends WaitingJob> List<J> drawnBy(FleetWorker worker, Collection<J> jobs) {
    return jobs.stream()
        .filter(job -> job.needs().filter(needs -> !worker.can().draws(needs)).isEmpty())
        .toList();
  }

  private static <J extends WaitingJob> Function<J, Double> seconds(
      Function<? super J, Duration> renderTime) {
    return job -> renderTime.apply(job).toNanos() / 1e9;
  }

  /** The worker that gets jobs of this one now. */
  private static Optional<FleetWorker> receiver(String self, Fleet fleet) {
    List<FleetWorker> able =
        fleet.workers().stream()
            .filter(worker -> worker.takes() && !worker.can().stuck())
            .sorted(BY_LOAD)
            .toList();
    for (int rank = 0; rank < able.size() / 2; rank++) {
      FleetWorker idle = able.get(rank);
      if (idle.outstandingSeconds() >= IDLE_SECONDS) {
        return Optional.empty();
      }
      if (able.get(able.size() - 1 - rank).id().equals(self)) {
        return Optional.of(idle);
      }
    }
    return Optional.empty();
  }

  /**
   * Jobs by adapter, in the order of giving: first the adapters with the cheapest swap at the
   * receiver, then those with most jobs. The adapter that is warm here comes last.
   */
  private static <J extends WaitingJob> List<List<J>> groups(
      Collection<J> waiting, ScheduleState state, FleetWorker idle) {
    Map<String, List<J>> byAdapter = new LinkedHashMap<>();
    for (J job : waiting) {
      byAdapter.computeIfAbsent(job.adapter(), unknown -> new ArrayList<>()).add(job);
    }
    return byAdapter.values().stream()
        .sorted(
            Comparator.<List<J>, Boolean>comparing(jobs -> state.isWarm(jobs.getFirst().adapter()))
                .thenComparingDouble(jobs -> idle.swapSeconds(jobs.getFirst().adapter()))
                .thenComparingInt(jobs -> -jobs.size()))
        .toList();
  }

  private static <J extends WaitingJob> List<Move<J>> share(
      List<List<J>> groups, FleetWorker idle, Function<J, Double> seconds) {
    double here = groups.stream().flatMap(List::stream).mapToDouble(seconds::apply).sum();
    double there = idle.outstandingSeconds();
    List<Move<J>> moves = new ArrayList<>();
    for (List<J> group : groups) {
      String adapter = group.getFirst().adapter();
      double swap = idle.swapSeconds(adapter);
      int partition = PartitionRanking.favourite(adapter, idle.partitions());
      for (J job : group) {
        double takes = seconds.apply(job);
        if (takes > 0 && job.hops() < MOST_HOPS && there + swap + takes <= here - takes) {
          moves.add(new Move<>(job, partition));
          there += swap + takes;
          here -= takes;
          swap = 0;
        }
      }
    }
    return moves;
  }
}
