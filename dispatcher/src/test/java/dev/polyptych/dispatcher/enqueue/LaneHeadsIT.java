package dev.polyptych.dispatcher.enqueue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.dispatcher.ApiCaller;
import dev.polyptych.dispatcher.cluster.PositionSource;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.LaneHead;
import dev.polyptych.schema.topic.Topics;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaneHeadsIT {
  private static final Instant MORNING = Instant.parse("2026-01-01T08:00:00Z");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path folder;
  private KafkaBroker broker;
  private KafkaLanes lanes;
  private static final String OTHER = "other";

  private LaneHeads heads;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeEach
  void start() throws Exception {
    broker = KafkaBroker.start(folder);
    lanes =
        new KafkaLanes(
            broker.bootstrapServers(),
            KafkaSecurity.NONE,
            () -> Map.of("tiny", 3, OTHER, 1),
            OpenTelemetry.noop().getTracer("test"));
    lanes.problem();
    heads = new LaneHeads(new LaneConsumers(broker.bootstrapServers(), KafkaSecurity.NONE));
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterEach
  void stop() {
    producer.close();
    heads.close();
    lanes.close();
    broker.close();
  }

  @Test
  void theFirstOpenRecordOfEachPartitionIsSeenAndTheNextOnceItIsSettled() throws Exception {
    // Given
    produce(Lane.INTERACTIVE, 0, job("film-storyboard"), MORNING);
    produce(Lane.INTERACTIVE, 0, job("couple-profile"), NOON);
    produce(Lane.INTERACTIVE, 2, "no job", NOON);
    produce(Lane.BATCH, 0, job("font-design"), NOON);
    LaneHead poison = new LaneHead("tiny", Lane.INTERACTIVE, "", NOON);
    LaneHead batch = new LaneHead("tiny", Lane.BATCH, "font-design", NOON);
    until(
        Set.of(new LaneHead("tiny", Lane.INTERACTIVE, "film-storyboard", MORNING), poison, batch));
    // When
    settle(Lane.INTERACTIVE, 0, 1);
    settle(Lane.BATCH, 0, 1);
    // Then
    until(Set.of(new LaneHead("tiny", Lane.INTERACTIVE, "couple-profile", NOON), poison));
  }

  @Test
  void emptyLanesHaveNoOldestJobAndLanesThatCantBeSeenAreNotShownAsEmpty() {
    heads.look(Map.of());
    assertEquals(Optional.empty(), heads.oldest());

    until(Set.of());
  }

  private void until(Set<LaneHead> expected) {
    PositionSource source = heads.after(lanes::positions);
    long end = System.nanoTime() + ApiCaller.DEADLINE.toNanos();
    Optional<Set<LaneHead>> seen = Optional.empty();
    while (!seen.equals(Optional.of(expected)) && System.nanoTime() < end) {
      try {
        source.positions();
      } catch (InterruptedException stopping) {
        throw new IllegalStateException(stopping);
      }
      seen = heads.oldest().map(all -> all.stream().collect(Collectors.toSet()));
    }
    assertEquals(Optional.of(expected), seen);
  }

  private void produce(Lane lane, int partition, String value, Instant at) throws Exception {
    producer
        .send(
            new ProducerRecord<>(
                Topics.of("tiny", lane), partition, at.toEpochMilli(), null, value.getBytes(UTF_8)))
        .get(20, TimeUnit.SECONDS);
  }

  private void settle(Lane lane, int partition, long offset) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .alterConsumerGroupOffsets(
              Topics.group("tiny"),
              Map.of(
                  new TopicPartition(Topics.of("tiny", lane), partition),
                  new OffsetAndMetadata(offset)))
          .all()
          .get(20, TimeUnit.SECONDS);
    }
  }

  private static String job(String task) {
    return """
    {"v": 1, "id": "j-1", "tenant": "default",
     "request": {"task": "%s", "prompt": "x", "panels": ["a", "b"], "seed": 1}}
    """
        .formatted(task);
  }
}
