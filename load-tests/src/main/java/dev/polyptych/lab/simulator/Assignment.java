package dev.polyptych.lab.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The owner of each partition. Like the lanes' assignor it is even, and a member keeps its
 * partitions as long as that stays even. Kafka's range assignor moves more partitions.
 */
final class Assignment {
  private final int[] owners;
  private final List<List<Integer>> owned = new ArrayList<>();

  Assignment(int partitions) {
    this.owners = new int[partitions];
    Arrays.fill(owners, -1);
  }

  /** An assignment that already exists. */
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

  /** The member's number; -1 if the partition has no owner. */
  int owner(int partition) {
    return owners[partition];
  }

  List<Integer> of(int member) {
    return member < owned.size() ? owned.get(member) : List.of();
  }

  /**
   * @param members their numbers in ascending order
   */
  void assign(List<Integer> members) {
    int[] quota = new int[members.isEmpty() ? 0 : members.getLast() + 1];
    for (int i = 0; i < members.size(); i++) {
      boolean oneMore = i < owners.length % members.size();
      quota[members.get(i)] = owners.length / members.size() + (oneMore ? 1 : 0);
    }
    Deque<Integer> free = new ArrayDeque<>();
    for (int partition = 0; partition < owners.length; partition++) {
      int owner = owners[partition];
      if (owner < 0 || owner >= quota.length || quota[owner]-- <= 0) {
        free.add(partition);
      }
    }
    for (int member : members) {
      while (quota[member]-- > 0) {
        owners[free.poll()] = member;
      }
    }
    free.forEach(partition -> owners[partition] = -1);
    index();
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
