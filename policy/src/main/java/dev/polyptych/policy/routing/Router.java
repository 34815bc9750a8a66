package dev.polyptych.policy.routing;

import dev.polyptych.schema.fleet.Tier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Chooses the partition of a job: that of the worker who costs least, in what it is behind and in
 * the swap if the adapter is not warm there and no job waits that makes it so. While some worker is
 * idle a swap costs what it takes; when none is, a multiple, since all who wait pay for it. So
 * where swaps cost nothing the least loaded takes the job, and where they cost much it goes where
 * its adapter is.
 *
 * <p>Of equals the adapter's spread goes first: its partitions in rank order, until enough owners
 * are met for its share of the traffic. So it is the spread where an adapter becomes resident, and
 * without heartbeats a job goes to the first choice.
 *
 * <p>Remembers what it has sent, as heartbeats don't tell that yet. Safe for all threads: whatever
 * is public takes the lock.
 */
public final class Router {
  private final RoutingRules rules;
  private final Function<String, TaskRouting> wishes;
  private final Spreads spreads;
  private final Loads loads = new Loads();

  /** Routes as the rules say, all adapters alike. */
  public Router(RoutingRules rules) {
    this(rules, any -> TaskRouting.AUTOMATIC);
  }

  /**
   * @param wishes what an operator wants for an adapter
   */
  public Router(RoutingRules rules, Function<String, TaskRouting> wishes) {
    this.rules = rules;
    this.wishes = wishes;
    this.spreads = new Spreads(rules);
  }

  /**
   * The partition that a job is sent to now.
   *
   * @param gpuSeconds what it takes; 0 when that is not known
   */
  public synchronized int partition(String adapter, double gpuSeconds, Fleet fleet, Instant now) {
    spreads.sent(adapter, gpuSeconds > 0 ? gpuSeconds : 1, now);
    int partition = choose(adapter, fleet, now);
    int owner = fleet.ownerIndex(partition);
    if (owner >= 0) {
      double at = Loads.seconds(now);
      loads.sent(owner, adapter, gpuSeconds + swapSeconds(owner, adapter, fleet, at), at);
    }
    return partition;
  }

  /** The partition that a job would be sent to. */
  public synchronized int likely(String adapter, Fleet fleet, Instant now) {
    return choose(adapter, fleet, now);
  }

  /** Where the adapter is at home, for people. */
  public synchronized Placement placement(String adapter, Fleet fleet) {
    List<Placement.Spot> spots = new ArrayList<>();
    for (int partition : spread(adapter, fleet)) {
      Optional<FleetWorker> owner = fleet.owner(partition);
      Tier tier = owner.map(worker -> worker.residency().of(adapter)).orElse(Tier.ABSENT);
      spots.add(new Placement.Spot(partition, owner.map(FleetWorker::id), tier));
    }
    double share = spreads.share(adapter, fleet.workers().size());
    return new Placement(adapter, share, spots.size(), spots);
  }

  private Optional<Integer> pinned(String adapter, Fleet fleet) {
    return wishes.apply(adapter).pin().filter(partition -> partition < fleet.partitions());
  }

  private int choose(String adapter, Fleet fleet, Instant now) {
    loads.look(fleet);
    return pinned(adapter, fleet)
        .orElseGet(() -> new Choice(adapter, fleet, Loads.seconds(now)).partition());
  }

  /** The first partition of each owner in the spread; one of nobody when nobody owns any. */
  private List<Integer> spread(String adapter, Fleet fleet) {
    Optional<Integer> pin = pinned(adapter, fleet);
    if (pin.isPresent()) {
      return List.of(pin.get());
    }
    int minimum = wishes.apply(adapter).minimumWidth();
    int width = spreads.width(adapter, fleet.workers().size(), minimum);
    List<Integer> spread = new ArrayList<>();
    Set<Integer> owners = new HashSet<>();
    for (int rank = 0; rank < fleet.partitions() && spread.size() < width; rank++) {
      int partition = spreads.ranked(adapter, rank, fleet.partitions());
      int owner = fleet.ownerIndex(partition);
      if (owner >= 0 && owners.add(owner)) {
        spread.add(partition);
      }
    }
    return spread.isEmpty() ? List.of(spreads.ranked(adapter, 0, fleet.partitions())) : spread;
  }

  /** What the job's swap takes; nothing where another waits that makes the adapter warm. */
  private double swapSeconds(int worker, String adapter, Fleet fleet, double now) {
    return loads.waits(worker, adapter, now) ? 0 : fleet.workers().get(worker).swapSeconds(adapter);
  }

  /** Of one job. */
  private final class Choice {
    private final String adapter;
    private final Fleet fleet;
    private final double now;
    private final double swapWeight;
    private int best = -1;
    private double least = Double.POSITIVE_INFINITY;

    Choice(String adapter, Fleet fleet, double now) {
      this.adapter = adapter;
      this.fleet = fleet;
      this.now = now;
      this.swapWeight = anyIdle() ? 1 : rules.swapWeight();
    }

    int partition() {
      List<Integer> spread = spread(adapter, fleet);
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
        if (behind(worker) == 0 && !fleet.workers().get(worker).partitions().isEmpty()) {
          return true;
        }
      }
      return false;
    }

    private void consider(int number) {
      FleetWorker worker = fleet.workers().get(number);
      double cost = behind(number);
      if (cost < least && !worker.partitions().isEmpty()) {
        cost += swapWeight * swapSeconds(number, adapter, fleet, now);
        if (cost < least) {
          least = cost;
          best = number;
        }
      }
    }

    private double behind(int number) {
      boolean loading = fleet.workers().get(number).loading();
      return loads.behind(number, now) + (loading ? rules.loading().toMillis() / 1e3 : 0);
    }
  }
}
