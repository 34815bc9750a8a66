package dev.polyptych.schema.routing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Chooses the partition of a job. The adapter's partitions in rank order, until enough owners are
 * met, are its spread; of those owners the one takes the job who would be done with it first: what
 * it is behind, and the swap if the adapter is not warm there. A worker outside takes it only if it
 * would be done sooner by some swaps. So where swaps cost nothing the least loaded of all takes it,
 * and where they cost much it stays in the spread. Without heartbeats it is the first choice.
 *
 * <p>Remembers what it has sent, as heartbeats don't tell that yet. Safe for all threads: whatever
 * is public takes the lock.
 */
public final class Router {
  private final RoutingRules rules;
  private final Function<String, TaskRouting> wishes;

  private final Spreads spreads;

  private final Loads loads = new Loads();

  /** Routes as the rules say, for all adapters alike. */
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
      loads.sent(owner, gpuSeconds, now);
    }
    return partition;
  }

  /** The partition that a job would be sent to. */
  public synchronized int likely(String adapter, Fleet fleet, Instant now) {
    return choose(adapter, fleet, now);
  }

  /** Where the adapter's jobs may go, for people. */
  public synchronized Placement placement(String adapter, Fleet fleet) {
    List<Placement.Spot> spots = new ArrayList<>();
    for (int partition : spread(adapter, fleet)) {
      Optional<FleetWorker> owner = fleet.owner(partition);
      Tier tier = owner.map(worker -> worker.residency().of(adapter)).orElse(Tier.ABSENT);
      spots.add(new Placement.Spot(partition, owner.map(FleetWorker::id), tier));
    }
    int workers = fleet.workers().size();
    return new Placement(adapter, spreads.share(adapter, workers), spots.size(), spots);
  }

  private Optional<Integer> pinned(String adapter, Fleet fleet) {
    return wishes.apply(adapter).pin().filter(partition -> partition < fleet.partitions());
  }

  private int choose(String adapter, Fleet fleet, Instant now) {
    loads.look(fleet);
    Optional<Integer> pin = pinned(adapter, fleet);
    return pin.isPresent() ? pin.get() : cheapest(adapter, fleet, now);
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

  private int cheapest(String adapter, Fleet fleet, Instant now) {
    List<Integer> spread = spread(adapter, fleet);
    int best = spread.getFirst();
    double least = Double.POSITIVE_INFINITY;
    for (int partition : spread) {
      int owner = fleet.ownerIndex(partition);
      if (owner >= 0) {
        double cost = behind(owner, fleet, now) + fleet.workers().get(owner).swapSeconds(adapter);
        if (cost < least) {
          least = cost;
          best = partition;
        }
      }
    }
    return least == Double.POSITIVE_INFINITY ? best : outside(adapter, fleet, now, best, least);
  }

  /** A worker outside of the spread that would be done much sooner, else the best inside. */
  private int outside(String adapter, Fleet fleet, Instant now, int inside, double insideCost) {
    int best = -1;
    double least = insideCost;
    for (int worker = 0; worker < fleet.workers().size(); worker++) {
      double cost = behind(worker, fleet, now);
      if (cost < least && !fleet.workers().get(worker).partitions().isEmpty()) {
        cost += (1 + rules.spill()) * fleet.workers().get(worker).swapSeconds(adapter);
        if (cost < least) {
          least = cost;
          best = worker;
        }
      }
    }
    return best < 0
        ? inside
        : PartitionRanking.favourite(adapter, fleet.workers().get(best).partitions());
  }

  private double behind(int worker, Fleet fleet, Instant now) {
    double loading = fleet.workers().get(worker).loading() ? rules.loading().toMillis() / 1e3 : 0;
    return loads.behind(worker, now) + loading;
  }
}
