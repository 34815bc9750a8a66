package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.dispatcher.cluster.LanePositions;
import dev.polyptych.policy.reconcile.LaneWindow;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.Topics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/** Reads how far the lanes are written, and how far the workers' group has settled them. Blocks. */
final class LaneOffsets {
  private static final int SECONDS = 5;

  private final Admin admin;
  private final List<TopicPartition> partitions;

  /**
   * @param partitions of each lane
   */
  LaneOffsets(Admin admin, Map<Lane, Integer> partitions) {
    this.admin = admin;
    this.partitions =
        partitions.entrySet().stream()
            .flatMap(
                lane ->
                    IntStream.range(0, lane.getValue())
                        .mapToObj(i -> new TopicPartition(Topics.of(lane.getKey()), i)))
            .toList();
  }

  LanePositions read() throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, Long> settled = committed();
    List<TopicPartition> untouched =
        partitions.stream().filter(partition -> !settled.containsKey(partition)).toList();
    settled.putAll(offsets(untouched, OffsetSpec.earliest()));
    return new LanePositions(byLane(settled), byLane(offsets(partitions, OffsetSpec.latest())));
  }

  /** By lane: the partitions in order. */
  Map<Lane, List<LaneWindow>> windows()
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, Long> settled = committed();
    Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
    Map<Lane, List<LaneWindow>> windows = new EnumMap<>(Lane.class);
    for (TopicPartition partition : partitions) {
      long begin = begins.get(partition);
      LaneWindow window =
          new LaneWindow(begin, settled.getOrDefault(partition, begin), ends.get(partition));
      windows
          .computeIfAbsent(
              Topics.laneOf(partition.topic()).orElseThrow(), lane -> new ArrayList<>())
          .add(window);
    }
    return windows;
  }

  private Map<TopicPartition, Long> committed()
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    try {
      Map<TopicPartition, OffsetAndMetadata> all =
          admin
              .listConsumerGroupOffsets(Topics.WORKER_GROUP)
              .partitionsToOffsetAndMetadata()
              .get(SECONDS, TimeUnit.SECONDS);
      all.forEach(
          (partition, committed) -> {
            if (committed != null) {
              offsets.put(partition, committed.offset());
            }
          });
    } catch (ExecutionException failed) {
      // No worker has ever joined the group.
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

  private static Map<Lane, long[]> byLane(Map<TopicPartition, Long> offsets) {
    Map<Lane, long[]> lanes = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      String topic = Topics.of(lane);
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
