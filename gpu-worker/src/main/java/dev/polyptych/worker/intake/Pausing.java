package dev.polyptych.worker.intake;

import dev.polyptych.worker.metrics.IntakeMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Decides which partitions are read. Intake thread only. Keeps no state: what is paused is derived
 * each time from what is in flight. The client forgets pauses on rebalance, and a flag here would
 * not notice.
 *
 * <p>Jobs that wait for their next try have extra room of the same size, because they can't be
 * rendered yet and many failures must not keep good jobs on the broker. So the bound is twice the
 * capacity.
 *
 * <p>Each lane has its own room. Otherwise waiting batch jobs would keep interactive jobs on the
 * broker.
 */
final class Pausing {
  private final Consumer<byte[], byte[]> consumer;
  private final List<String> lanes;
  private final OffsetLedger ledger;
  private final Backlog backlog;
  private final int capacity;
  private final IntakeMetrics metrics;
  private volatile boolean closed;

  /**
   * @param capacity records of each lane in flight, without those that wait for their next try
   */
  Pausing(
      Consumer<byte[], byte[]> consumer,
      List<String> lanes,
      OffsetLedger ledger,
      Backlog backlog,
      int capacity,
      IntakeMetrics metrics) {
    this.backlog = backlog;
    this.consumer = consumer;
    this.lanes = lanes;
    this.ledger = ledger;
    this.capacity = capacity;
    this.metrics = metrics;
  }

  /** From now on nothing is read. Any thread. */
  void close() {
    closed = true;
  }

  void apply() {
    int inFlight = 0;
    for (String lane : lanes) {
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

  /** Partitions of a lane that are still assigned. A revoked one may still be listed as paused. */
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
