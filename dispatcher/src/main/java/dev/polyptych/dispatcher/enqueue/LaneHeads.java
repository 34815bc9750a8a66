package dev.polyptych.dispatcher.enqueue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.polyptych.dispatcher.cluster.LanePositions;
import dev.polyptych.dispatcher.cluster.PositionSource;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.LaneHead;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the first unsettled record of each partition: its oldest job. It reads one record a
 * partition, and only when the first record has changed. It belongs to no consumer group, so it
 * commits nothing and does not disturb the workers.
 */
public final class LaneHeads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LaneHeads.class);

  /**
   * The most time for one look, which is part of the look at the cluster. The next look reads what
   * this one missed.
   */
  private static final Duration LOOK = Duration.ofMillis(250);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  /** A few records. The broker returns at least one record, even if that is larger. */
  private static final int FETCH_BYTES = 16 * 1024;

  private final LaneConsumers consumers;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<TopicPartition, Head> heads = new HashMap<>();

  @GuardedBy("lock")
  private Consumer<byte[], byte[]> consumer;

  @GuardedBy("lock")
  private boolean reported;

  @GuardedBy("lock")
  private boolean closed;

  private volatile Optional<List<LaneHead>> seen = Optional.empty();

  /**
   * @param settled the offset before which everything is settled; it may be before the record's own
   *     offset, because the broker deletes old records
   */
  private record Head(long settled, LaneHead oldest) {}

  public LaneHeads(LaneConsumers consumers) {
    this.consumers = consumers;
  }

  /** The oldest job of each partition that has jobs; empty while the lanes are unknown. */
  public Optional<List<LaneHead>> oldest() {
    return seen;
  }

  /** Wraps a source: each time the positions are read, this class looks, too. */
  public PositionSource after(PositionSource lanes) {
    return () -> {
      Map<String, LanePositions> positions = lanes.positions();
      look(positions);
      return positions;
    };
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (consumer != null) {
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
      }
    } finally {
      lock.unlock();
    }
  }

  void look(Map<String, LanePositions> positions) {
    lock.lock();
    try {
      Map<TopicPartition, Long> first = firstOpen(positions);
      heads.entrySet().removeIf(head -> !known(first, head.getKey(), head.getValue().settled()));
      first.keySet().removeAll(heads.keySet());
      if (!first.isEmpty() && !closed) {
        read(first);
      }
      seen =
          positions.isEmpty()
              ? Optional.empty()
              : Optional.of(heads.values().stream().map(Head::oldest).toList());
      reported = false;
    } catch (KafkaException away) {
      tell(away);
      heads.clear();
      seen = Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private static Map<TopicPartition, Long> firstOpen(Map<String, LanePositions> positions) {
    Map<TopicPartition, Long> first = new HashMap<>();
    positions.forEach(
        (base, lanes) -> {
          for (Lane lane : Lane.values()) {
            String topic = Topics.of(base, lane);
            for (int i = 0; i < lanes.partitions(); i++) {
              if (lanes.jobs(lane, i) > 0) {
                first.put(new TopicPartition(topic, i), lanes.settled(lane, i));
              }
            }
          }
        });
    return first;
  }

  private static boolean known(Map<TopicPartition, Long> first, TopicPartition of, long settled) {
    Long now = first.get(of);
    return now != null && now == settled;
  }

  @GuardedBy("lock")
  private void read(Map<TopicPartition, Long> wanted) {
    if (consumer == null) {
      consumer =
          consumers.reading(
              "polyptych-dispatcher-heads",
              Map.of(
                  ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                  "earliest",
                  ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                  1,
                  ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                  FETCH_BYTES));
    }
    consumer.assign(wanted.keySet());
    consumer.resume(wanted.keySet());
    wanted.forEach(consumer::seek);
    long end = System.nanoTime() + LOOK.toNanos();
    long left = LOOK.toNanos();
    while (!wanted.isEmpty() && left > 0) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofNanos(left))) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        heads.put(partition, new Head(wanted.remove(partition), oldest(record)));
        consumer.pause(List.of(partition));
      }
      left = end - System.nanoTime();
    }
  }

  private static LaneHead oldest(ConsumerRecord<byte[], byte[]> record) {
    String base = Topics.baseOf(record.topic()).orElseThrow();
    Lane lane = Topics.laneOf(record.topic()).orElseThrow();
    String task =
        RenderRecord.read(record.value()) instanceof Validated.Valid<RenderRecord>(RenderRecord job)
            ? job.request().task()
            : "";
    return new LaneHead(base, lane, task, Instant.ofEpochMilli(record.timestamp()));
  }

  /** Warns once until reading works again: a missing read permission breaks nothing else. */
  @GuardedBy("lock")
  private void tell(KafkaException away) {
    if (reported) {
      LOG.debug("the age of the queue is not known: {}", away.toString());
    } else {
      LOG.warn("the age of the queue is not known: {}", away.toString());
    }
    reported = true;
  }
}
