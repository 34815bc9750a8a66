package dev.polyptych.worker.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.metrics.IntakeMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PausingTest {
  private static final TopicPartition LANE = new TopicPartition(Topics.of("tiny", Lane.BATCH), 0);
  private static final int CAPACITY = 2;

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final OffsetLedger ledger = new OffsetLedger();
  private int heldBack;
  private final Pausing pausing =
      new Pausing(
          consumer,
          Topics.lanes("tiny"),
          ledger,
          new HeldBack(),
          CAPACITY,
          new IntakeMetrics(new PrometheusRegistry()));

  PausingTest() {
    consumer.assign(List.of(LANE));
    ledger.open(List.of(LANE));
  }

  @Test
  void aLaneIsPausedAtItsCapacity() {
    assertEquals(Set.of(), pausedWith(CAPACITY - 1, 0));
    assertEquals(Set.of(LANE), pausedWith(CAPACITY, 0));
  }

  @Test
  void jobsThatWaitForTheirNextTryHaveExtraRoomUpToTwiceTheCapacity() {
    assertEquals(Set.of(), pausedWith(2 * CAPACITY - 1, 100));
    assertEquals(Set.of(LANE), pausedWith(2 * CAPACITY, 100));
  }

  private Set<TopicPartition> pausedWith(int inFlight, int ofThemHeldBack) {
    while (ledger.inFlight(LANE.topic()) < inFlight) {
      ledger.take(LANE, ledger.inFlight(LANE.topic()));
    }
    heldBack = ofThemHeldBack;
    pausing.apply();
    return consumer.paused();
  }

  private final class HeldBack implements Backlog {
    @Override
    public void add(Delivery delivery) {
      throw new UnsupportedOperationException("nothing is taken here");
    }

    @Override
    public void strand(Stray stray) {
      throw new UnsupportedOperationException("nothing is taken here");
    }

    @Override
    public int heldBack(String topic) {
      return heldBack;
    }

    @Override
    public List<RecordPosition> withdraw(Predicate<RecordPosition> which) {
      return List.of();
    }

    @Override
    public void recall(Predicate<RecordPosition> which) {}
  }
}
