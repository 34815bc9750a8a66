package dev.polyptych.policy.schedule;

import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * GPU time that tenants have had on one worker, by lane: start-time fair queueing (Goyal, Vin and
 * Cheng, 1996) with tenants as flows. A tenant that comes back starts at the level of the tenant
 * that had the last turn. So no tenant saves up time, and none pays for time in which it was alone.
 *
 * @param used GPU time by lane and tenant, of tenants above the floor
 * @param floor by lane, the GPU time of the tenant that had the last turn
 */
public record Shares(Map<Lane, Map<String, Duration>> used, Map<Lane, Duration> floor) {
  /** No tenant has had GPU time. */
  public static final Shares EQUAL = new Shares(Map.of(), Map.of());

  public Shares {
    used = Map.copyOf(used);
    floor = Map.copyOf(floor);
  }

  /**
   * The jobs of the tenant with the least GPU time in their lane; on a tie, of the oldest job's.
   */
  <J extends WaitingJob> List<J> turn(List<J> ofOneLane) {
    return ofOneLane.stream()
        .min(Comparator.<J, Duration>comparing(this::used).thenComparing(WaitingJob::arrivedAt))
        .map(WaitingJob::tenant)
        .map(least -> ofOneLane.stream().filter(job -> job.tenant().equals(least)).toList())
        .orElse(List.of());
  }

  /** Jobs whose tenant is not ahead of a tenant that waits in the same lane by more than a lead. */
  <J extends WaitingJob> List<J> withinLead(
      List<J> jobs, Collection<? extends WaitingJob> waiting, Duration lead) {
    if (used.isEmpty()) {
      return jobs;
    }
    Map<Lane, Duration> least =
        waiting.stream().collect(Collectors.toMap(WaitingJob::lane, this::used, Shares::lesser));
    return jobs.stream()
        .filter(job -> used(job).compareTo(least.get(job.lane()).plus(lead)) <= 0)
        .toList();
  }

  /**
   * The shares with a job's time added to its tenant.
   *
   * @param turn whether it was the tenant's turn, not a streak
   */
  Shares charged(WaitingJob job, Duration took, boolean turn) {
    Duration before = used(job);
    Duration newFloor = turn ? before : floorOf(job.lane());
    Map<String, Duration> inLane = new HashMap<>(used.getOrDefault(job.lane(), Map.of()));
    inLane.put(job.tenant(), before.plus(took));
    inLane.values().removeIf(time -> time.compareTo(newFloor) <= 0);
    Map<Lane, Map<String, Duration>> allUsed = new HashMap<>(used);
    allUsed.put(job.lane(), Map.copyOf(inLane));
    Map<Lane, Duration> allFloors = new HashMap<>(floor);
    allFloors.put(job.lane(), newFloor);
    return new Shares(allUsed, allFloors);
  }

  private Duration used(WaitingJob job) {
    Duration own =
        used.getOrDefault(job.lane(), Map.of()).getOrDefault(job.tenant(), Duration.ZERO);
    Duration least = floorOf(job.lane());
    return own.compareTo(least) < 0 ? least : own;
  }

  private Duration floorOf(Lane lane) {
    return floor.getOrDefault(lane, Duration.ZERO);
  }

  private static Duration lesser(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
