package dev.polyptych.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.metrics.IntakeMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The intake's thread is the test's: what happens between two polls is a task of the first. */
class IntakeTest {
  private static final TopicPartition I0 =
      new TopicPartition(Topics.of("tiny", Lane.INTERACTIVE), 0);
  private static final TopicPartition I1 =
      new TopicPartition(Topics.of("tiny", Lane.INTERACTIVE), 1);
  private static final TopicPartition B0 = new TopicPartition(Topics.of("tiny", Lane.BATCH), 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final OffsetLedger ledger = new OffsetLedger();
  private final Taken taken = new Taken();
  private final List<DeadLetter> letters = new ArrayList<>();
  private final Intake intake =
      new Intake(
          consumer,
          Topics.lanes("tiny"),
          ledger,
          Recorded.reader(),
          taken,
          refused -> letters.add(refused.letter()),
          new Intake.Limits(2, Duration.ofMillis(10)),
          new IntakeMetrics(new PrometheusRegistry()));

  @Test
  void aLaneIsReadWhileThereIsRoomAndPausedWhenThereIsNone() {
    // Given
    between(() -> assign(I0, B0));
    between(() -> deliver(I0, 0, 1, 2));
    idle(3);
    // When
    between(() -> assertEquals(Set.of(I0), consumer.paused()));
    between(() -> assertEquals(2, taken.positions.size()));
    between(() -> ledger.finish(taken.positions.getFirst()));
    idle(2);
    // Then
    between(() -> assertEquals(3, taken.positions.size()));
    run();
  }

  @Test
  void aPartitionAssignedWhileThereIsNoRoomIsPausedAtOnce() {
    // Given
    between(() -> assign(I0));
    between(() -> deliver(I0, 0, 1, 2));
    idle(3);
    // When
    between(() -> assign(I0, I1));
    between(() -> deliver(I1, 0));
    idle(3);
    // Then
    between(() -> assertEquals(Set.of(I0, I1), consumer.paused()));
    between(() -> assertEquals(2, taken.positions.size()));
    run();
  }

  @Test
  void onlyTheFinishedPrefixIsCommitted() {
    // Given
    between(() -> assign(I0));
    between(() -> deliver(I0, 0, 1));
    idle(2);
    // When the second is finished before the first
    between(() -> ledger.finish(taken.positions.get(1)));
    idle(1);
    // Then
    between(() -> assertEquals(0, committed(I0)));
    between(() -> ledger.finish(taken.positions.get(0)));
    idle(1);
    between(() -> assertEquals(2, committed(I0)));
    run();
  }

  @Test
  void aRevokedPartitionIsCommittedUpToItsFirstOpenJobAndTheRestIsDropped() {
    // Given
    between(() -> assign(I0, B0));
    between(() -> deliver(I0, 0, 1));
    idle(2);
    between(
        () -> {
          ledger.finish(taken.positions.get(0));
          // When
          assign(B0);
          // Then, once it is ours again, since the mock tells no offsets of others
          assign(I0, B0);
          assertEquals(1, committed(I0));
          assertEquals(List.of(taken.positions.get(1)), taken.withdrawn);
        });
    run();
  }

  @Test
  void aRunningJobIsRecalledWhenItOutlastsTheRevokeWait() {
    // Given
    between(() -> assign(I0, B0));
    between(() -> deliver(I0, 0));
    idle(1);
    between(
        () -> {
          taken.nobodyToWithdraw = true;
          taken.onRecall = position -> ledger.drop(position);
          // When
          assign(B0);
          // Then
          assertEquals(taken.positions, taken.recalled);
          assertEquals(0, committed(I0));
        });
    run();
  }

  @Test
  void aPositionOfAnEarlierAssignmentIsIgnored() {
    // Given a job taken before its partition went away and came back
    between(() -> assign(I0));
    between(() -> deliver(I0, 0));
    idle(1);
    between(() -> assign());
    between(() -> assign(I0));
    between(() -> deliver(I0, 0));
    idle(1);
    // When
    between(() -> ledger.finish(taken.positions.getFirst()));
    idle(1);
    // Then
    between(() -> assertEquals(0, committed(I0)));
    run();
    assertEquals(2, taken.positions.size());
  }

  @Test
  void aMalformedRecordIsRefusedAndDoesNotStopItsPartition() {
    // Given
    between(() -> assign(I0));
    // When
    between(
        () -> {
          consumer.addRecord(Recorded.value(I0, 0, "garbage".getBytes(UTF_8)));
          consumer.addRecord(Recorded.job(I0, 1));
        });
    idle(2);
    run();
    // Then
    assertEquals(ErrorCode.MALFORMED_RECORD, letters.getFirst().code());
    assertEquals(1, taken.positions.size());
  }

  @Test
  void anUnexpectedExceptionEndsTheLoopWithoutACommit() {
    // Given
    between(() -> assign(I0));
    between(() -> deliver(I0, 0));
    idle(1);
    between(() -> ledger.finish(taken.positions.getFirst()));
    between(
        () -> {
          throw new IllegalStateException("a bug");
        });
    // When
    assertThrows(IllegalStateException.class, intake::run);
    // Then
    assertTrue(consumer.closed());
    assertFalse(intake.joined());
  }

  @Test
  void nothingMoreIsTakenOnceTheWorkerStops() {
    // Given
    between(() -> assign(I0));
    between(intake::stopTaking);
    idle(1);
    // When
    between(() -> deliver(I0, 0));
    idle(2);
    run();
    // Then
    assertTrue(taken.positions.isEmpty());
  }

  private void between(Runnable task) {
    consumer.schedulePollTask(task);
  }

  private void idle(int polls) {
    for (int i = 0; i < polls; i++) {
      consumer.scheduleNopPollTask();
    }
  }

  private void run() {
    consumer.setMaxPollRecords(1);
    between(intake::stop);
    intake.run();
  }

  private void assign(TopicPartition... partitions) {
    for (TopicPartition partition : partitions) {
      consumer.updateBeginningOffsets(Map.of(partition, 0L));
    }
    consumer.rebalance(List.of(partitions));
  }

  private void deliver(TopicPartition partition, int... offsets) {
    for (int offset : offsets) {
      consumer.addRecord(Recorded.job(partition, offset));
    }
  }

  private long committed(TopicPartition partition) {
    var offset = consumer.committed(Set.of(partition)).get(partition);
    return offset == null ? -1 : offset.offset();
  }

  /** Keeps what it is given; nothing is ever begun. */
  private static final class Taken implements Backlog {
    private final List<RecordPosition> positions = new ArrayList<>();
    private final List<RecordPosition> withdrawn = new ArrayList<>();
    private final List<RecordPosition> recalled = new ArrayList<>();
    private java.util.function.Consumer<RecordPosition> onRecall = position -> {};
    private boolean nobodyToWithdraw;

    @Override
    public void add(Delivery delivery) {
      positions.add(delivery.position());
    }

    @Override
    public void strand(Stray stray) {
      positions.add(stray.position());
    }

    @Override
    public List<RecordPosition> withdraw(Predicate<RecordPosition> which) {
      List<RecordPosition> open =
          nobodyToWithdraw ? List.of() : positions.stream().filter(which).toList();
      withdrawn.addAll(open.stream().filter(position -> position.offset() > 0).toList());
      return open;
    }

    @Override
    public void recall(Predicate<RecordPosition> which) {
      List<RecordPosition> running = positions.stream().filter(which).toList();
      recalled.addAll(running);
      running.forEach(onRecall);
    }
  }
}
