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
 * What tenants have had of one worker's GPU, lane by lane: start-time fair queueing (Goyal, Vin and
 * Cheng, 1996) with tenants for flows. A tenant that comes back after a while begins where the one
 * whose turn it was last stood, so nobody saves up and nobody pays for having been alone.
 *
 * @param used GPU time by tenant, in each lane, of those who have had more than the floor
 * @param floor in each lane, what the tenant had whose turn it was last
 */
public record Shares(Map<Lane, Map<String, Duration>> used, Map<Lane, Duration> floor) {
  /** Nobody has had anything. */
  public static final Shares EQUAL = new Shares(Map.of(), Map.of());

  public Shares {
    used = Map.copyOf(used);
    floor = Map.copyOf(floor);
  }

  /**
   * The jobs of the tenant that has had least in their lane; of equals, whose job is the oldest.
   */
  <J extends WaitingJob> List<J> turn(List<J> ofOneLane) {
    return ofOneLane.stream()
        .min(Comparator.<J, Duration>comparing(this::used).thenComparing(WaitingJob::arrivedAt))
        .map(WaitingJob::tenant)
        .map(least -> ofOneLane.stream().filter(job -> job.tenant().equals(least)).toList())
        .orElse(List.of());
  }

  /** Jobs of tenants that are ahead of none who waits in the same lane by more than a lead. */
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
   * With a job's time on its tenant's account.
   *
   * @param turn whether it was the tenant's turn, rather than a streak's
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
