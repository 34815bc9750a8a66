package dev.polyptych.policy.routing;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Ranks the partitions for an adapter by rendezvous hashing (Thaler, Ravishankar 1998). Each
 * adapter has its own order, which is the same everywhere. A new number of partitions moves only
 * the adapters that must move. Stateless.
 */
public final class PartitionRanking {
  private PartitionRanking() {}

  /** All partitions in the adapter's order, first choice first. */
  public static List<Integer> of(String adapter, int partitions) {
    long[] weights = weights(adapter, partitions);
    return IntStream.range(0, partitions)
        .boxed()
        .sorted(Comparator.comparingLong((Integer partition) -> -weights[partition]))
        .toList();
  }

  /** The adapter's first choice. */
  public static int first(String adapter, int partitions) {
    return best(adapter, partitions, 1)[0];
  }

  /** The first {@code count} partitions of {@link #of}, or all of them. Cheap for a small count. */
  static int[] best(String adapter, int partitions, int count) {
    if (count >= partitions) {
      return of(adapter, partitions).stream().mapToInt(Integer::intValue).toArray();
    }
    long[] weights = weights(adapter, partitions);
    int[] best = new int[count];
    int found = 0;
    for (int partition = 0; partition < partitions; partition++) {
      int place = found;
      while (place > 0 && weights[best[place - 1]] < weights[partition]) {
        place--;
      }
      if (place < count) {
        found = Math.min(found + 1, count);
        System.arraycopy(best, place, best, place + 1, found - 1 - place);
        best[place] = partition;
      }
    }
    return best;
  }

  /**
   * The partition that ranks highest among some.
   *
   * @throws java.util.NoSuchElementException if there are none
   */
  public static int favourite(String adapter, List<Integer> among) {
    long hash = hash(adapter);
    return among.stream()
        .max(Comparator.comparingLong(partition -> weight(hash, partition)))
        .orElseThrow();
  }

  private static long[] weights(String adapter, int partitions) {
    long hash = hash(adapter);
    long[] weights = new long[partitions];
    Arrays.setAll(weights, partition -> weight(hash, partition));
    return weights;
  }

  private static long weight(long hash, int partition) {
    return mix(hash ^ mix(partition + 0x9E3779B97F4A7C15L)) >>> 1;
  }

  /** FNV-1a over UTF-16 units, then mixed. It must be uniform and must never change. */
  private static long hash(String text) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
    }
    return mix(hash);
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable PRNGs, 2014). */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
