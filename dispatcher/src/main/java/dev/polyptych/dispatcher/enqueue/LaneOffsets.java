package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.dispatcher.cluster.LanePositions;
import dev.polyptych.policy.reconcile.LaneWindow;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.Topics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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
   * The lanes of a base.
   *
   * @param partitions of each lane
   */
  LanePositions positions(String base, Map<Lane, Integer> partitions)
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<String, Integer> topics = new HashMap<>();
    partitions.forEach((lane, count) -> topics.put(Topics.of(base, lane), count));
    List<TopicPartition> all = partitions(topics);
    Map<TopicPartition, Long> settled = committed(Topics.group(base));
    List<TopicPartition> untouched =
        all.stream().filter(partition -> !settled.containsKey(partition)).toList();
    settled.putAll(offsets(untouched, OffsetSpec.earliest()));
    return new LanePositions(
        byLane(base, settled), byLane(base, offsets(all, OffsetSpec.latest())));
  }

  /** By topic, of all lanes and the inbox that are there: the partitions in order. */
  Map<String, List<LaneWindow>> windows()
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<String, Integer> topics = topics();
    List<TopicPartition> all = partitions(topics);
    Map<TopicPartition, Long> settled = new HashMap<>();
    Set<String> groups = new HashSet<>();
    topics.keySet().forEach(topic -> groups.add(Topics.groupOf(topic).orElseThrow()));
    for (String group : groups) {
      settled.putAll(committed(group));
    }
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

  private Map<TopicPartition, Long> committed(String group)
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    try {
      Map<TopicPartition, OffsetAndMetadata> all =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(SECONDS, TimeUnit.SECONDS);
      all.forEach(
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
