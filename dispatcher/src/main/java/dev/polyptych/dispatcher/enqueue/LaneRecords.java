package dev.polyptych.dispatcher.enqueue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.policy.reconcile.LaneWindow;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.topic.RecordHeaders;
import dev.polyptych.schema.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Reads what is on the lanes, without a consumer group, so that it disturbs no worker. Blocks; one
 * thread at a time.
 */
public final class LaneRecords {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private final LaneConsumers consumers;

  /**
   * A record of a lane.
   *
   * @param base id of the model that the job is for, if the record names one
   * @param settled whether the workers have settled it
   */
  public record LaneRecord(
      byte[] value,
      Optional<String> base,
      boolean settled,
      RecordVersion version,
      QueuePlace place) {}

  public LaneRecords(LaneConsumers consumers) {
    this.consumers = consumers;
  }

  /**
   * Reads all records that are not settled, and those since a time.
   *
   * @param lanes the partitions of each topic, in order
   * @param each gets the records of a partition in order
   * @throws LaneUnavailableException if the broker does not answer
   */
  public void read(Map<String, List<LaneWindow>> lanes, Instant since, Consumer<LaneRecord> each)
      throws LaneUnavailableException {
    Map<TopicPartition, LaneWindow> windows = new HashMap<>();
    lanes.forEach(
        (topic, partitions) -> {
          for (int i = 0; i < partitions.size(); i++) {
            windows.put(new TopicPartition(topic, i), partitions.get(i));
          }
        });
    try (var consumer = consumers.reading("polyptych-dispatcher-records", Map.of())) {
      begin(consumer, windows, since);
      long answered = System.nanoTime();
      while (windows.entrySet().stream()
          .anyMatch(window -> consumer.position(window.getKey()) < window.getValue().end())) {
        for (ConsumerRecord<byte[], byte[]> raw : consumer.poll(POLL)) {
          LaneWindow window = windows.get(new TopicPartition(raw.topic(), raw.partition()));
          each.accept(record(raw, raw.offset() < window.settled()));
          answered = System.nanoTime();
        }
        if (System.nanoTime() - answered > SILENCE.toNanos()) {
          throw new KafkaException("the broker stopped returning records");
        }
      }
    } catch (KafkaException away) {
      throw new LaneUnavailableException(away.toString(), away);
    }
  }

  private static void begin(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, LaneWindow> windows,
      Instant since) {
    Map<TopicPartition, Long> times = new HashMap<>();
    windows.keySet().forEach(partition -> times.put(partition, since.toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> first = consumer.offsetsForTimes(times);
    consumer.assign(windows.keySet());
    windows.forEach(
        (partition, window) -> {
          OffsetAndTimestamp found = first.get(partition);
          long waiting = Math.max(window.begin(), window.settled());
          consumer.seek(partition, found == null ? waiting : Math.min(waiting, found.offset()));
        });
  }

  private static LaneRecord record(ConsumerRecord<byte[], byte[]> raw, boolean settled) {
    return new LaneRecord(
        raw.value(),
        text(raw, Topics.HEADER_BASE),
        settled,
        RecordHeaders.version(name -> text(raw, name)),
        new QueuePlace(raw.topic(), raw.partition(), raw.offset()));
  }

  private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String header) {
    return Optional.ofNullable(record.headers().lastHeader(header))
        .map(Header::value)
        .map(value -> new String(value, UTF_8));
  }
}
