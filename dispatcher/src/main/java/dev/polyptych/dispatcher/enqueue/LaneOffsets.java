package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.dispatcher.cluster.LanePositions;
import dev.polyptych.policy.reconcile.LaneWindow;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Reads how far the lanes are written, and how far their groups have settled them. Blocks. */
final class LaneOffsets {
  private static final int SECONDS = 5;

  private final Admin admin;

  LaneOffsets(Admin admin) {
    this.admin = admin;
  }

  /**
   * By base.
   *
   * @param lanes with the number of partitions of each; all lanes of some bases
   */
  Map<String, LanePositions> positions(Map<String, Integer> lanes)
      throws ExecutionException, TimeoutException, InterruptedException {
    Set<String> bases = new HashSet<>();
    lanes.keySet().forEach(lane -> bases.add(Topics.baseOf(lane).orElseThrow()));
    List<TopicPartition> all = partitions(lanes);
    Map<TopicPartition, Long> settled = committed(bases.stream().map(Topics::group).toList());
    List<TopicPartition> untouched =
        all.stream().filter(partition -> !settled.containsKey(partition)).toList();
    settled.putAll(offsets(untouched, OffsetSpec.earliest()));
    Map<TopicPartition, Long> ends = offsets(all, OffsetSpec.latest());
    Map<String, LanePositions> positions = new HashMap<>();
    bases.forEach(
        base -> positions.put(base, new LanePositions(byLane(base, settled), byLane(base, ends))));
    return positions;
  }

  /** By topic, of all lanes and the inbox that are there: the partitions in order. */
  Map<String, List<LaneWindow>> windows()
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<String, Integer> topics = topics();
    List<TopicPartition> all = partitions(topics);
    Set<String> groups = new HashSet<>();
    topics.keySet().forEach(topic -> groups.add(Topics.groupOf(topic).orElseThrow()));
    Map<TopicPartition, Long> settled = committed(groups);
    Map<TopicPartition, Long> begins = offsets(all, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(all, OffsetSpec.latest());
    Map<String, List<LaneWindow>> windows = new HashMap<>();
    for (TopicPartition partition : all) {
      long begin = begins.get(partition);
      windows
          .computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
          .add(new LaneWindow(begin, settled.getOrDefault(partition, begin), ends.get(partition)));
    }
    return windows;
  }

  /** The lanes of all bases and the inbox, with their numbers of partitions. */
  private Map<String, Integer> topics()
      throws ExecutionException, TimeoutException, InterruptedException {
    List<String> names =
        admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS).stream()
            .filter(topic -> Topics.laneOf(topic).isPresent())
            .toList();
    Map<String, Integer> topics = new HashMap<>();
    admin
        .describeTopics(names)
        .allTopicNames()
        .get(SECONDS, TimeUnit.SECONDS)
        .forEach((name, topic) -> topics.put(name, topic.partitions().size()));
    return topics;
  }

  private static List<TopicPartition> partitions(Map<String, Integer> topics) {
    return topics.entrySet().stream()
        .flatMap(
            topic ->
                IntStream.range(0, topic.getValue())
                    .mapToObj(i -> new TopicPartition(topic.getKey(), i)))
        .toList();
  }

  private Map<TopicPartition, Long> committed(Collection<String> groups)
      throws ExecutionException, TimeoutException, InterruptedException {
    ListConsumerGroupOffsetsResult found =
        admin.listConsumerGroupOffsets(
            groups.stream()
                .collect(
                    Collectors.toMap(group -> group, group -> new ListConsumerGroupOffsetsSpec())));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (String group : groups) {
      try {
        found
            .partitionsToOffsetAndMetadata(group)
            .get(SECONDS, TimeUnit.SECONDS)
            .forEach(
                (partition, committed) -> {
                  if (committed != null) {
                    offsets.put(partition, committed.offset());
                  }
                });
      } catch (ExecutionException failed) {
        // The group has had no member yet.
        if (!(failed.getCause() instanceof GroupIdNotFoundException)) {
          throw failed;
        }
      }
    }
    return offsets;
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> which, OffsetSpec spec)
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
    which.forEach(partition -> specs.put(partition, spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listOffsets(specs)
        .all()
        .get(SECONDS, TimeUnit.SECONDS)
        .forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }

  private static Map<Lane, long[]> byLane(String base, Map<TopicPartition, Long> offsets) {
    Map<Lane, long[]> lanes = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      String topic = Topics.of(base, lane);
      long[] found =
          Stream.iterate(0, i -> i + 1)
              .map(i -> offsets.get(new TopicPartition(topic, i)))
              .takeWhile(offset -> offset != null)
              .mapToLong(Long::longValue)
              .toArray();
      lanes.put(lane, found);
    }
    return lanes;
  }
}
