package dev.polyptych.worker.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.intake.RecordReader.RecordReading;
import dev.polyptych.worker.metrics.IntakeMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AssignmentsTest {
  private static final TopicPartition LANE = new TopicPartition(Topics.of("tiny", Lane.BATCH), 0);
  private static final Duration REVOKE_WAIT = Duration.ofMillis(10);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final IntakeMetrics metrics = new IntakeMetrics(new PrometheusRegistry());
  private final OffsetLedger ledger = new OffsetLedger();
  private final LocalQueue queue = new LocalQueue(ledger, Clock.systemUTC());
  private final Assignments assignments =
      new Assignments(
          ledger,
          queue,
          new Commits(consumer, ledger, metrics),
          new Pausing(consumer, Topics.lanes("tiny"), ledger, queue, 2, metrics),
          REVOKE_WAIT,
          metrics);
  private Delivery inHand;

  @BeforeEach
  void takeAJobInHand() throws InterruptedException {
    consumer.assign(List.of(LANE));
    assignments.onPartitionsAssigned(List.of(LANE));
    RecordPosition position = ledger.take(LANE, 0).orElseThrow();
    RecordReading reading = Recorded.reader().read(Recorded.job(LANE, 0), position);
    inHand = ((RecordReading.Job) reading).delivery();
    queue.add(inHand);
    assertEquals(Optional.of(inHand), take());
  }

  @Test
  void aJobThatCanNotBeClaimedDoesNotWaitAgainWhenItsPartitionWasLost() throws Exception {
    // Given
    assignments.onPartitionsLost(List.of(LANE));
    // When
    queue.putBack(inHand);
    // Then
    assertEquals(Optional.empty(), take());
  }

  private Optional<Delivery> take() throws InterruptedException {
    return queue.take(ready -> ready.stream().findFirst(), Duration.ZERO);
  }
}
