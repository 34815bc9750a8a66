package dev.polyptych.embedded;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.ConsumerGroupPartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.GroupAssignment;
import org.apache.kafka.coordinator.group.api.assignor.GroupSpec;
import org.apache.kafka.coordinator.group.api.assignor.MemberAssignment;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignorException;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;

/**
 * Gives each member the same partition numbers of all topics, as many as any other, and moves no
 * more of them than that takes. Runs in the broker, which must have it on its class path and in
 * {@code group.consumer.assignors}; Kafka's own either give the same numbers of all topics ({@code
 * range}) or let members keep what they have ({@code uniform}).
 */
public final class LaneAssignor implements ConsumerGroupPartitionAssignor {
  /** By which members ask for it. */
  public static final String NAME = "polyptych-lanes";

  /** Kafka makes it by its name. */
  public LaneAssignor() {}

  private record Assigned(Map<Uuid, Set<Integer>> partitions) implements MemberAssignment {}

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Where topics differ in their number of partitions, as they do while they are made or widened
   * one after another, the numbers are shared out that the widest has.
   *
   * @throws PartitionAssignorException when members want different topics
   */
  @Override
  public GroupAssignment assign(GroupSpec group, SubscribedTopicDescriber topics) {
    List<String> members = group.memberIds().stream().sorted().toList();
    if (members.isEmpty()) {
      return new GroupAssignment(Map.of());
    }
    Set<Uuid> wanted = wanted(group, members);
    Map<Uuid, Integer> widths = new HashMap<>();
    wanted.forEach(topic -> widths.put(topic, topics.numPartitions(topic)));
    int partitions = widths.values().stream().reduce(0, Math::max);
    Map<String, MemberAssignment> assigned = new HashMap<>();
    numbers(group, members, partitions)
        .forEach((member, numbers) -> assigned.put(member, of(widths, numbers)));
    return new GroupAssignment(assigned);
  }

  private static Set<Uuid> wanted(GroupSpec group, List<String> members) {
    Set<Uuid> wanted =
        Set.copyOf(group.memberSubscription(members.getFirst()).subscribedTopicIds());
    for (String member : members) {
      if (!wanted.equals(group.memberSubscription(member).subscribedTopicIds())) {
        throw new PartitionAssignorException(NAME + ": all members must want the same topics");
      }
    }
    return wanted;
  }

  /** The numbers that each member gets: what it had, up to its share, then of what is free. */
  private static Map<String, Set<Integer>> numbers(
      GroupSpec group, List<String> members, int partitions) {
    Map<String, Set<Integer>> had = new HashMap<>();
    members.forEach(member -> had.put(member, numbers(group.memberAssignment(member), partitions)));
    // Who has most keeps one more where the numbers can't be shared out evenly.
    List<String> byCount =
        members.stream()
            .sorted(
                comparingInt((String member) -> -had.get(member).size())
                    .thenComparing(comparing(member -> member)))
            .toList();
    Set<Integer> free = new TreeSet<>(IntStream.range(0, partitions).boxed().toList());
    Map<String, Set<Integer>> numbers = new HashMap<>();
    for (int place = 0; place < byCount.size(); place++) {
      Set<Integer> kept = new HashSet<>();
      for (int number : had.get(byCount.get(place))) {
        if (kept.size() < share(place, byCount.size(), partitions) && free.remove(number)) {
          kept.add(number);
        }
      }
      numbers.put(byCount.get(place), kept);
    }
    fill(numbers, byCount, free, partitions);
    return numbers;
  }

  private static void fill(
      Map<String, Set<Integer>> numbers, List<String> byCount, Set<Integer> free, int partitions) {
    Iterator<Integer> next = new ArrayList<>(free).iterator();
    for (int place = 0; place < byCount.size(); place++) {
      Set<Integer> own = numbers.get(byCount.get(place));
      while (own.size() < share(place, byCount.size(), partitions)) {
        own.add(next.next());
      }
    }
  }

  private static int share(int place, int members, int partitions) {
    return partitions / members + (place < partitions % members ? 1 : 0);
  }

  /** In order; as if it had of every topic what it has of one. */
  private static Set<Integer> numbers(MemberAssignment assignment, int partitions) {
    Set<Integer> numbers = new TreeSet<>();
    assignment.partitions().values().forEach(numbers::addAll);
    numbers.removeIf(number -> number >= partitions);
    return numbers;
  }

  /**
   * @param widths partitions of each topic; -1 for one that is not there yet
   */
  private static MemberAssignment of(Map<Uuid, Integer> widths, Set<Integer> numbers) {
    Map<Uuid, Set<Integer>> partitions = new HashMap<>();
    widths.forEach(
        (topic, width) -> {
          Set<Integer> own = numbers.stream().filter(number -> number < width).collect(toSet());
          if (!own.isEmpty()) {
            partitions.put(topic, own);
          }
        });
    return new Assigned(partitions);
  }
}
