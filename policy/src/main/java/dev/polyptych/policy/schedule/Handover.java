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
 * it alike: the most loaded gives to the idlest, the next to the next, so that an idle one gets
 * jobs of one giver and not of all. Asked once for each look at the fleet, since what was given is
 * not in an older one.
 */
public final class Handover {
  /** A job that was given on so often stays where it is. */
  public static final int MOST_HOPS = 2;

  /** Idle is who has less than it works off before others see it: a heartbeat and a look. */
  private static final double IDLE_SECONDS = 10;

  private static final Comparator<FleetWorker> BY_LOAD =
      Comparator.comparingDouble(FleetWorker::outstandingSeconds).thenComparing(FleetWorker::id);

  /**
   * Jobs to give away, none unless they are begun sooner there: the receiver with all that it gets
   * is no further behind than the giver without.
   *
   * @param waiting taken from the broker and not begun
   * @param self the giver's id
   * @param renderTime how long a job takes; one of which that is not known stays
   */
  public <J extends WaitingJob> List<Move<J>> moves(
      Collection<J> waiting,
      ScheduleState standing,
      String self,
      Fleet fleet,
      Function<? super J, Duration> renderTime,
      Instant now) {
    return receiver(self, fleet)
        .map(idle -> share(groups(waiting, standing, idle), idle, seconds(renderTime)))
        .orElse(List.of());
  }

  private static <J extends WaitingJob> Function<J, Double> seconds(
      Function<? super J, Duration> renderTime) {
    return job -> renderTime.apply(job).toNanos() / 1e9;
  }

  /** Who gets jobs of this worker now. */
  private static Optional<FleetWorker> receiver(String self, Fleet fleet) {
    List<FleetWorker> able =
        fleet.workers().stream()
            .filter(worker -> !worker.loading() && !worker.partitions().isEmpty())
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
   * Jobs by adapter, in the order of giving: what is near at the receiver, then what waits most;
   * what is warm here last.
   */
  private static <J extends WaitingJob> List<List<J>> groups(
      Collection<J> waiting, ScheduleState standing, FleetWorker idle) {
    Map<String, List<J>> byAdapter = new LinkedHashMap<>();
    for (J job : waiting) {
      byAdapter.computeIfAbsent(job.adapter(), unknown -> new ArrayList<>()).add(job);
    }
    return byAdapter.values().stream()
        .sorted(
            Comparator.<List<J>, Boolean>comparing(
                    jobs -> standing.isWarm(jobs.getFirst().adapter()))
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
