package dev.polyptych.worker.intake;

import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.metrics.IntakeMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Decides what may be read. Intake thread only. Nothing is remembered here: what is paused follows
 * each time from what is in flight, since the client forgets pauses on rebalance and a flag beside
 * it would not notice.
 *
 * <p>Jobs that wait for their next try have as much room again: held back they can't be worked off,
 * and a run of failures must not keep sound jobs on the broker. The bound is twice the capacity.
 *
 * <p>Each lane has its own room; else waiting batch jobs would keep interactive ones on the broker.
 */
final class Pausing {
  private final Consumer<byte[], byte[]> consumer;
  private final OffsetLedger ledger;
  private final Backlog backlog;
  private final int capacity;
  private final IntakeMetrics metrics;
  private volatile boolean closed;

  /**
   * @param capacity records of each lane in flight, those apart that are held back
   */
  Pausing(
      Consumer<byte[], byte[]> consumer,
      OffsetLedger ledger,
      Backlog backlog,
      int capacity,
      IntakeMetrics metrics) {
    this.backlog = backlog;
    this.consumer = consumer;
    this.ledger = ledger;
    this.capacity = capacity;
    this.metrics = metrics;
  }

  /** From now on there is room for nothing. Any thread. */
  void close() {
    closed = true;
  }

  void apply() {
    int inFlight = 0;
    for (String lane : Topics.lanes()) {
      int ofLane = ledger.inFlight(lane);
      inFlight += ofLane;
      if (!closed && ofLane < capacity + Math.min(backlog.heldBack(lane), capacity)) {
        consumer.resume(held(lane, consumer.paused()));
      } else {
        consumer.pause(held(lane, consumer.assignment()));
      }
    }
    metrics.holding(inFlight, consumer.paused().size());
  }

  /** Of a lane, and still ours: what went away in this very poll may still be listed as paused. */
  private List<TopicPartition> held(String lane, Set<TopicPartition> partitions) {
    Set<TopicPartition> assignment = consumer.assignment();
    List<TopicPartition> ofLane = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      if (partition.topic().equals(lane) && assignment.contains(partition)) {
        ofLane.add(partition);
      }
    }
    return ofLane;
  }
}
