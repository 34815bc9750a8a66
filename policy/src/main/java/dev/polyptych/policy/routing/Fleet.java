package dev.polyptych.policy.routing;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot of the live workers: those with a recent heartbeat. Make one for each reading of the
 * heartbeats, not for each job. Immutable.
 */
public final class Fleet {
  private final List<FleetWorker> workers;
  private final int[] owners;

  /**
   * @param partitions number of partitions of each lane
   */
  public Fleet(int partitions, List<FleetWorker> workers) {
    this.workers = List.copyOf(workers);
    this.owners = new int[partitions];
    Arrays.fill(owners, -1);
    for (int worker = 0; worker < workers.size(); worker++) {
      for (int partition : workers.get(worker).partitions()) {
        if (partition >= 0 && partition < partitions) {
          owners[partition] = worker;
        }
      }
    }
  }

  /** A fleet without known workers. */
  public static Fleet silent(int partitions) {
    return new Fleet(partitions, List.of());
  }

  /** Number of partitions of each lane. */
  public int partitions() {
    return owners.length;
  }

  /** All live workers. */
  public List<FleetWorker> workers() {
    return workers;
  }

  /** The worker that owns a partition; empty if none is known. */
  public Optional<FleetWorker> owner(int partition) {
    int owner = ownerIndex(partition);
    return owner < 0 ? Optional.empty() : Optional.of(workers.get(owner));
  }

  /** Index of a partition's owner in {@link #workers}; -1 without an owner. */
  int ownerIndex(int partition) {
    return owners[partition];
  }
}
