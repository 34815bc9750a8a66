package dev.polyptych.policy.routing;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The live workers at one look; without heartbeats there are none. Make one a look, not a job. */
public final class Fleet {
  private final List<FleetWorker> workers;
  private final int[] owners;

  /**
   * @param partitions of each lane
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

  /** Nobody is known to live. */
  public static Fleet silent(int partitions) {
    return new Fleet(partitions, List.of());
  }

  public int partitions() {
    return owners.length;
  }

  public List<FleetWorker> workers() {
    return workers;
  }

  public Optional<FleetWorker> owner(int partition) {
    int owner = ownerIndex(partition);
    return owner < 0 ? Optional.empty() : Optional.of(workers.get(owner));
  }

  /** Place in {@link #workers}; -1 without an owner. */
  int ownerIndex(int partition) {
    return owners[partition];
  }
}
