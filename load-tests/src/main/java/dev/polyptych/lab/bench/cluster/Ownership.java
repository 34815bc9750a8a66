package dev.polyptych.lab.bench.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The owner of each partition, and since when a partition has had no owner. Safe for all threads.
 */
final class Ownership implements Notices.Listener {
  private final int partitions;

  @GuardedBy("this")
  private final Map<String, List<Integer>> owned = new TreeMap<>();

  /** Since when each partition has had no owner; 0 while it has one. */
  @GuardedBy("this")
  private final double[] ownerlessSince;

  @GuardedBy("this")
  private double longest;

  Ownership(int partitions) {
    this.partitions = partitions;
    this.ownerlessSince = new double[partitions];
  }

  @Override
  public void received(String worker, Notice notice) {
    if (notice instanceof Notice.Owns(double at, List<Integer> now)) {
      change(worker, now, at);
    }
  }

  /** A worker has left. Its later notices have no effect. */
  synchronized void gone(String worker, double at) {
    change(worker, List.of(), at);
    owned.remove(worker);
  }

  private synchronized void change(String worker, List<Integer> now, double at) {
    List<Integer> before = owned.put(worker, now);
    for (int partition : before == null ? List.<Integer>of() : before) {
      if (!now.contains(partition) && owner(partition) == null) {
        ownerlessSince[partition] = at;
      }
    }
    for (int partition : now) {
      if (ownerlessSince[partition] > 0) {
        longest = Math.max(longest, at - ownerlessSince[partition]);
        ownerlessSince[partition] = 0;
      }
    }
  }

  /** Resets {@link #longestOwnerless}. */
  synchronized void begin() {
    longest = 0;
  }

  /** The longest time in seconds that a partition had no owner. */
  synchronized double longestOwnerless() {
    return longest;
  }

  /** The owner of each partition; null if it has none. */
  synchronized List<String> owners() {
    List<String> owners = new ArrayList<>(Collections.nCopies(partitions, null));
    owned.forEach((worker, those) -> those.forEach(k -> owners.set(k, worker)));
    return owners;
  }

  /** Whether this many workers own all partitions, each partition once, evenly. */
  synchronized boolean even(int workers) {
    int[] sizes = owned.values().stream().mapToInt(List::size).filter(size -> size > 0).toArray();
    return sizes.length == workers
        && Arrays.stream(sizes).sum() == partitions
        && !owners().contains(null)
        && Arrays.stream(sizes).max().orElse(0) - Arrays.stream(sizes).min().orElse(0) <= 1;
  }

  /** The partitions of a worker; none if it is unknown. */
  synchronized List<Integer> of(String worker) {
    return owned.getOrDefault(worker, List.of());
  }

  /** The number of partitions whose owner changed. */
  static long moved(List<String> before, List<String> after) {
    return IntStream.range(0, before.size())
        .filter(partition -> !after.get(partition).equals(before.get(partition)))
        .count();
  }

  @GuardedBy("this")
  private String owner(int partition) {
    return owned.entrySet().stream()
        .filter(entry -> entry.getValue().contains(partition))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }
}
