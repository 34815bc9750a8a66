package dev.polyptych.dispatcher;

import dev.polyptych.schema.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What was appended to the lanes since this was opened. */
public final class LaneTail implements AutoCloseable {
  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<TopicPartition, Long> endsAtOpening;

  public LaneTail(String bootstrapServers) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        Topics.lanes("tiny").stream()
            .flatMap(lane -> consumer.partitionsFor(lane).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    endsAtOpening = consumer.endOffsets(partitions);
    consumer.assign(partitions);
    endsAtOpening.forEach(consumer::seek);
  }

  /** How many records, by the partitions' end offsets. */
  public long appended() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(endsAtOpening.keySet());
    return ends.entrySet().stream()
        .mapToLong(end -> end.getValue() - endsAtOpening.get(end.getKey()))
        .sum();
  }

  /** All of them; each is read once. */
  public List<ConsumerRecord<String, byte[]>> records() {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    long expected = appended();
    while (records.size() < expected) {
      var polled = consumer.poll(Duration.ofSeconds(10));
      if (polled.isEmpty()) {
        throw new AssertionError("of " + expected + " records only " + records.size() + " came");
      }
      polled.forEach(records::add);
    }
    return records;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
