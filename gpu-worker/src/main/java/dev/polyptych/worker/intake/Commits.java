package dev.polyptych.worker.intake;

import dev.polyptych.worker.metrics.IntakeMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits finished prefixes. Intake thread only. A commit that fails is tried again with the next
 * one. If it never succeeds, the records come again, and the job store says that they have ended.
 */
final class Commits {
  private static final Logger LOG = LoggerFactory.getLogger(Commits.class);
  private static final Duration SYNC_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration FIRST_TIMEOUT = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final OffsetLedger ledger;
  private final IntakeMetrics metrics;
  private final Set<TopicPartition> unchecked = new HashSet<>();
  private boolean underWay;

  Commits(Consumer<byte[], byte[]> consumer, OffsetLedger ledger, IntakeMetrics metrics) {
    this.consumer = consumer;
    this.ledger = ledger;
    this.metrics = metrics;
  }

  /** Sends what is new without waiting. At most one commit is under way. */
  void commitSoon() {
    Map<TopicPartition, OffsetAndMetadata> offsets = ledger.committable(consumer.assignment());
    if (underWay || offsets.isEmpty()) {
      return;
    }
    underWay = true;
    consumer.commitAsync(
        offsets,
        (sent, failure) -> {
          underWay = false;
          if (failure == null) {
            ledger.committed(sent);
          } else {
            failed(failure);
          }
        });
  }

  /** Commits what is finished of the partitions. Waits for the broker, but not for long. */
  void commitNow(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = ledger.committable(partitions);
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, SYNC_TIMEOUT);
      ledger.committed(offsets);
    } catch (KafkaException failure) {
      failed(failure);
    }
  }

  /** Partitions that {@link #commitMissing} is to check. */
  void assigned(Collection<TopicPartition> partitions) {
    unchecked.addAll(partitions);
  }

  /**
   * Commits the beginning of each newly assigned partition in which the group has no offset, or an
   * offset whose records the broker has deleted. Otherwise a partition without records would have a
   * lag for ever, autoscalers and dispatchers would count it, and the fleet would never scale to
   * zero.
   *
   * <p>Call it before anything of the partitions is committed, and outside the rebalance, which
   * need not wait for it. Tried once an assignment.
   */
  void commitMissing() {
    unchecked.retainAll(consumer.assignment());
    if (unchecked.isEmpty()) {
      return;
    }
    try {
      Map<TopicPartition, OffsetAndMetadata> first = missing(Set.copyOf(unchecked));
      if (!first.isEmpty()) {
        consumer.commitSync(first, FIRST_TIMEOUT);
      }
    } catch (KafkaException away) {
      LOG.warn("partitions without a committed offset stay without one: {}", away.toString());
    } finally {
      unchecked.clear();
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> missing(Set<TopicPartition> of) {
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(of, FIRST_TIMEOUT);
    Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
    consumer
        .beginningOffsets(of, FIRST_TIMEOUT)
        .forEach(
            (partition, begin) -> {
              OffsetAndMetadata known = committed.get(partition);
              if (known == null || known.offset() < begin) {
                first.put(partition, new OffsetAndMetadata(begin));
              }
            });
    return first;
  }

  private void failed(Exception failure) {
    metrics.commitFailed();
    LOG.warn("a commit failed, its records may come again: {}", failure.toString());
  }
}
