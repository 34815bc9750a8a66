package dev.polyptych.worker.intake;

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
 * Commits where a partition begins when the group has no offset there, or one whose records the
 * broker has deleted. Without that a partition that nobody writes to has a lag for ever, by the
 * count of autoscalers and of our dispatchers, and the fleet never goes to zero. Intake thread
 * only.
 */
final class FirstCommits {
  private static final Logger LOG = LoggerFactory.getLogger(FirstCommits.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final Set<TopicPartition> fresh = new HashSet<>();

  FirstCommits(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  void assigned(Collection<TopicPartition> partitions) {
    fresh.addAll(partitions);
  }

  /**
   * Looks at what was assigned since the last call; to be called before anything of it is
   * committed, and outside the rebalance, which need not wait for it. Tried once an assignment.
   */
  void apply() {
    fresh.retainAll(consumer.assignment());
    if (fresh.isEmpty()) {
      return;
    }
    try {
      Map<TopicPartition, OffsetAndMetadata> first = missing(Set.copyOf(fresh));
      if (!first.isEmpty()) {
        consumer.commitSync(first, TIMEOUT);
      }
    } catch (KafkaException away) {
      LOG.warn("partitions without a commit stay without: {}", away.toString());
    } finally {
      fresh.clear();
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> missing(Set<TopicPartition> of) {
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(of, TIMEOUT);
    Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
    consumer
        .beginningOffsets(of, TIMEOUT)
        .forEach(
            (partition, begin) -> {
              OffsetAndMetadata known = committed.get(partition);
              if (known == null || known.offset() < begin) {
                first.put(partition, new OffsetAndMetadata(begin));
              }
            });
    return first;
  }
}
