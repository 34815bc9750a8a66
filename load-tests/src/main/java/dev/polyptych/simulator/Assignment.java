package dev.polyptych.simulator;

import static java.util.Comparator.comparingInt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Who owns which partition, as Kafka's range assignor has it: members in the order of their ids,
 * which they draw by chance, each with the next partitions in a row. It looks at nothing that was
 * before, so what joins or goes in the middle moves what comes after it.
 */
final class Assignment {
  private final int[] owners;
  private final List<List<Integer>> owned = new ArrayList<>();

  Assignment(int partitions) {
    this.owners = new int[partitions];
    Arrays.fill(owners, -1);
  }

  /** As it was found. */
  Assignment(List<Integer> found) {
    this(found.size());
    for (int partition = 0; partition < owners.length; partition++) {
      owners[partition] = found.get(partition);
    }
    index();
  }

  int partitions() {
    return owners.length;
  }

  /** A member's number; -1 for nobody. */
  int owner(int partition) {
    return owners[partition];
  }

  List<Integer> of(int member) {
    return member < owned.size() ? owned.get(member) : List.of();
  }

  /**
   * @param members numbers
   */
  void assign(List<Integer> members) {
    List<Integer> byId = members.stream().sorted(comparingInt(Assignment::id)).toList();
    Arrays.fill(owners, -1);
    for (int place = 0, next = 0; place < byId.size(); place++) {
      boolean oneMore = place < owners.length % byId.size();
      int end = next + owners.length / byId.size() + (oneMore ? 1 : 0);
      Arrays.fill(owners, next, end, byId.get(place));
      next = end;
    }
    index();
  }

  /** By chance, but the same every time. */
  private static int id(int member) {
    return new SplittableRandom(member).nextInt();
  }

  private void index() {
    owned.clear();
    for (int partition = 0; partition < owners.length; partition++) {
      int owner = owners[partition];
      while (owned.size() <= owner) {
        owned.add(new ArrayList<>());
      }
      if (owner >= 0) {
        owned.get(owner).add(partition);
      }
    }
  }
}
