package dev.polyptych.worker.intake;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Which taken records are finished, for every partition assigned now. Safe for all threads: the
 * intake thread opens, takes and closes; any thread finishes or drops. A position of an earlier
 * assignment is ignored.
 */
public final class OffsetLedger {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();

  @GuardedBy("lock")
  private final Map<TopicPartition, PartitionLedger> partitions = new HashMap<>();

  @GuardedBy("lock")
  private int epochs;

  void open(Collection<TopicPartition> assigned) {
    lock.lock();
    try {
      for (TopicPartition partition : assigned) {
        partitions.put(partition, new PartitionLedger(++epochs));
      }
    } finally {
      lock.unlock();
    }
  }

  void close(Collection<TopicPartition> gone) {
    lock.lock();
    try {
      gone.forEach(partitions::remove);
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Empty when the partition is not assigned to this worker. */
  Optional<RecordPosition> take(TopicPartition partition, long offset) {
    lock.lock();
    try {
      PartitionLedger ledger = partitions.get(partition);
      if (ledger == null) {
        return Optional.empty();
      }
      ledger.take(offset);
      return Optional.of(new RecordPosition(partition, offset, ledger.epoch()));
    } finally {
      lock.unlock();
    }
  }

  /** The record needs no more work: its offset may be committed. */
  public void finish(RecordPosition position) {
    lock.lock();
    try {
      current(position).ifPresent(ledger -> ledger.finish(position.offset()));
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The record is not done: it must be delivered again. */
  public void drop(RecordPosition position) {
    lock.lock();
    try {
      current(position).ifPresent(ledger -> ledger.drop(position.offset()));
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Records of a topic that are taken and neither finished nor dropped. */
  int inFlight(String topic) {
    lock.lock();
    try {
      int sum = 0;
      for (var entry : partitions.entrySet()) {
        sum += entry.getKey().topic().equals(topic) ? entry.getValue().inFlight() : 0;
      }
      return sum;
    } finally {
      lock.unlock();
    }
  }

  /** Offsets of the given partitions that can be committed and are not yet. */
  Map<TopicPartition, OffsetAndMetadata> committable(Collection<TopicPartition> of) {
    lock.lock();
    try {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      for (TopicPartition partition : of) {
        PartitionLedger ledger = partitions.get(partition);
        if (ledger != null) {
          ledger
              .committable()
              .ifPresent(offset -> offsets.put(partition, new OffsetAndMetadata(offset)));
        }
      }
      return offsets;
    } finally {
      lock.unlock();
    }
  }

  void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    lock.lock();
    try {
      offsets.forEach(
          (partition, offset) -> {
            PartitionLedger ledger = partitions.get(partition);
            if (ledger != null) {
              ledger.committed(offset.offset());
            }
          });
    } finally {
      lock.unlock();
    }
  }

  /** Waits until none of the partitions' records is in flight; false on timeout. */
  boolean awaitQuiet(Collection<TopicPartition> of, Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (busy(of)) {
        if (left <= 0) {
          return false;
        }
        left = settled.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean busy(Collection<TopicPartition> of) {
    for (TopicPartition partition : of) {
      PartitionLedger ledger = partitions.get(partition);
      if (ledger != null && ledger.inFlight() > 0) {
        return true;
      }
    }
    return false;
  }

  @GuardedBy("lock")
  private Optional<PartitionLedger> current(RecordPosition position) {
    return Optional.ofNullable(partitions.get(position.partition()))
        .filter(ledger -> ledger.epoch() == position.epoch());
  }
}
