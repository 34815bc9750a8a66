package dev.polyptych.worker.intake;

import dev.polyptych.worker.metrics.IntakeMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits finished prefixes. Intake thread only. A commit that fails is tried again with the next
 * one; if it never succeeds the records come again, and the job store says that they are settled.
 */
final class Commits {
  private static final Logger LOG = LoggerFactory.getLogger(Commits.class);
  private static final Duration SYNC_TIMEOUT = Duration.ofSeconds(3);

  private final Consumer<byte[], byte[]> consumer;
  private final OffsetLedger ledger;
  private final IntakeMetrics metrics;
  private boolean underWay;

  Commits(Consumer<byte[], byte[]> consumer, OffsetLedger ledger, IntakeMetrics metrics) {
    this.consumer = consumer;
    this.ledger = ledger;
    this.metrics = metrics;
  }

  /** Sends what is new without waiting; one commit is under way at a time. */
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

  /** Commits what is finished of the partitions and waits for the broker, but not for long. */
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

  private void failed(Exception failure) {
    metrics.commitFailed();
    LOG.warn("a commit failed, its records may come again: {}", failure.toString());
  }
}
