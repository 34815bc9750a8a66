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
 * What is finished of what was taken, for every partition held now. Safe for all threads: the
 * intake thread opens, takes and closes, whoever settles a job says so here. Word about a place of
 * an earlier assignment is ignored.
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

  /** Empty when the partition is not held, so the record is somebody else's. */
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

  /** Nothing is left to do for the record: its offset may be committed. */
  public void finish(RecordPosition place) {
    lock.lock();
    try {
      current(place).ifPresent(ledger -> ledger.finish(place.offset()));
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The record was not worked off here; it must be delivered again. */
  public void drop(RecordPosition place) {
    lock.lock();
    try {
      current(place).ifPresent(ledger -> ledger.drop(place.offset()));
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Records of a topic that are taken and not settled. */
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

  /** What can be committed and is not yet, of the given partitions. */
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

  /** Waits until nothing of the partitions is in flight; false when it still is after that time. */
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
  private Optional<PartitionLedger> current(RecordPosition place) {
    return Optional.ofNullable(partitions.get(place.partition()))
        .filter(ledger -> ledger.epoch() == place.epoch());
  }
}
