package dev.polyptych.policy.routing;

import dev.polyptych.schema.fleet.Needs;
import dev.polyptych.schema.fleet.Tier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Chooses the partition of a job: one of the worker with the lowest cost. The cost is the worker's
 * backlog plus the swap. There is no swap if the adapter is warm, or if a waiting job makes it
 * warm. If any worker is idle, a swap costs its measured time. If all are busy it is multiplied by
 * {@link RoutingRules#swapWeight}, because every job queued behind it is delayed. So with free
 * swaps the job goes to the least loaded worker, and with expensive ones to a worker that has its
 * adapter.
 *
 * <p>Among equal workers those of the adapter's spread come first. The spread is the adapter's
 * partitions in rank order, with as many owners as its share of the traffic needs. Adapters
 * therefore become resident in their spread, and without heartbeats a job goes to its first choice.
 *
 * <p>A worker that can't draw the job gets it only if no worker can, or if an operator pinned the
 * adapter there.
 *
 * <p>The router remembers what it has sent, because heartbeats report it only later. Thread-safe:
 * all public methods take the lock.
 */
public final class Router {
  private final RoutingRules rules;
  private final Function<String, TaskRouting> overrides;
  private final Spreads spreads;
  private final Loads loads = new Loads();

  /** A router without overrides for single adapters. */
  public Router(RoutingRules rules) {
    this(rules, any -> TaskRouting.AUTOMATIC);
  }

  /**
   * @param overrides what an operator has configured for an adapter
   */
  public Router(RoutingRules rules, Function<String, TaskRouting> overrides) {
    this.rules = rules;
    this.overrides = overrides;
    this.spreads = new Spreads(rules);
  }

  /**
   * Chooses the partition of a job that any worker can draw; counts the job as sent.
   *
   * @param gpuSeconds estimated GPU-seconds of the job; 0 if unknown
   */
  public int partition(String adapter, double gpuSeconds, Fleet fleet, Instant now) {
    return partition(anywhere(adapter), gpuSeconds, fleet, now);
  }

  /**
   * Chooses the partition of a job and counts the job as sent.
   *
   * @param gpuSeconds estimated GPU-seconds of the job; 0 if unknown
   */
  public synchronized int partition(Needs job, double gpuSeconds, Fleet fleet, Instant now) {
    String adapter = job.adapter();
    spreads.sent(adapter, gpuSeconds > 0 ? gpuSeconds : 1, now);
    int partition = choose(job, fleet, now);
    int owner = fleet.ownerIndex(partition);
    if (owner >= 0) {
      double at = Loads.seconds(now);
      loads.sent(owner, adapter, gpuSeconds + swapSeconds(owner, adapter, fleet, at), at);
    }
    return partition;
  }

  /** The partition that a job would be sent to now. Counts nothing. */
  public synchronized int likely(Needs job, Fleet fleet, Instant now) {
    return choose(job, fleet, now);
  }

  /** As {@link #placement(Needs, Fleet)}, for jobs that any worker can draw. */
  public Placement placement(String adapter, Fleet fleet) {
    return placement(anywhere(adapter), fleet);
  }

  /** The adapter's current spread, for reports. */
  public synchronized Placement placement(Needs job, Fleet fleet) {
    String adapter = job.adapter();
    List<Placement.Spot> spots = new ArrayList<>();
    for (int partition : spread(job, fleet)) {
      Optional<FleetWorker> owner = fleet.owner(partition);
      Tier tier = owner.map(worker -> worker.residency().of(adapter)).orElse(Tier.ABSENT);
      spots.add(new Placement.Spot(partition, owner.map(FleetWorker::id), tier));
    }
    double share = spreads.share(adapter, fleet.workers().size());
    return new Placement(adapter, share, spots.size(), spots);
  }

  private Optional<Integer> pinned(String adapter, Fleet fleet) {
    return overrides.apply(adapter).pin().filter(partition -> partition < fleet.partitions());
  }

  private static Needs anywhere(String adapter) {
    return new Needs(Optional.empty(), "", adapter);
  }

  private int choose(Needs job, Fleet fleet, Instant now) {
    loads.look(fleet);
    return pinned(job.adapter(), fleet)
        .orElseGet(() -> new Choice(job, fleet, Loads.seconds(now)).partition());
  }

  /** The first partition of each able owner in the spread; the first choice if there is none. */
  private List<Integer> spread(Needs job, Fleet fleet) {
    String adapter = job.adapter();
    Optional<Integer> pin = pinned(adapter, fleet);
    if (pin.isPresent()) {
      return List.of(pin.get());
    }
    int minimum = overrides.apply(adapter).minimumWidth();
    int width = spreads.width(adapter, fleet.workers().size(), minimum);
    List<Integer> spread = new ArrayList<>();
    Set<Integer> owners = new HashSet<>();
    for (int rank = 0; rank < fleet.partitions() && spread.size() < width; rank++) {
      int partition = spreads.ranked(adapter, rank, fleet.partitions());
      int owner = fleet.ownerIndex(partition);
      if (owner >= 0 && fleet.workers().get(owner).can().draws(job) && owners.add(owner)) {
        spread.add(partition);
      }
    }
    return spread.isEmpty() ? List.of(spreads.ranked(adapter, 0, fleet.partitions())) : spread;
  }

  /** GPU-seconds of the job's swap; 0 if a waiting job already makes the adapter warm. */
  private double swapSeconds(int worker, String adapter, Fleet fleet, double now) {
    return loads.waits(worker, adapter, now) ? 0 : fleet.workers().get(worker).swapSeconds(adapter);
  }

  /** The choice for one job. */
  private final class Choice {
    private final Needs job;
    private final String adapter;
    private final Fleet fleet;
    private final double now;
    private final double swapWeight;
    private int best = -1;
    private double least = Double.POSITIVE_INFINITY;

    Choice(Needs job, Fleet fleet, double now) {
      this.job = job;
      this.adapter = job.adapter();
      this.fleet = fleet;
      this.now = now;
      this.swapWeight = anyIdle() ? 1 : rules.swapWeight();
    }

    int partition() {
      List<Integer> spread = spread(job, fleet);
      for (int partition : spread) {
        int owner = fleet.ownerIndex(partition);
        if (owner >= 0) {
          consider(owner);
        }
      }
      int home = best;
      for (int worker = 0; worker < fleet.workers().size() && least > 0; worker++) {
        consider(worker);
      }
      if (best != home) {
        return PartitionRanking.favourite(adapter, fleet.workers().get(best).partitions());
      }
      return spread.stream()
          .filter(partition -> fleet.ownerIndex(partition) == home)
          .findFirst()
          .orElse(spread.getFirst());
    }

    private boolean anyIdle() {
      for (int worker = 0; worker < fleet.workers().size(); worker++) {
        if (behind(worker) == 0 && able(worker)) {
          return true;
        }
      }
      return false;
    }

    private void consider(int number) {
      double cost = behind(number);
      if (cost < least && able(number)) {
        cost += swapWeight * swapSeconds(number, adapter, fleet, now);
        if (cost < least) {
          least = cost;
          best = number;
        }
      }
    }

    private boolean able(int number) {
      FleetWorker worker = fleet.workers().get(number);
      return !worker.partitions().isEmpty() && worker.can().draws(job);
    }

    private double behind(int number) {
      boolean loading = fleet.workers().get(number).loading();
      return loads.behind(number, now) + (loading ? rules.loading().toMillis() / 1e3 : 0);
    }
  }
}
