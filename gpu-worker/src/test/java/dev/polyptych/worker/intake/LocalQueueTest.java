package dev.polyptych.worker.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LocalQueueTest {
  private static final JobError ERROR = new JobError(ErrorCode.ADAPTER_UNAVAILABLE, "no file");
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Instant NOW = Instant.ofEpochSecond(1000);

  private final LocalQueue queue =
      new LocalQueue(new OffsetLedger(), Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void aJobDeliveredAgainWhileItIsInHandWaitsUntilItIsSettled() throws Exception {
    // Given
    Delivery first = delivery("twice", 0);
    Delivery again = delivery("twice", 5);
    queue.add(first);
    take();
    queue.add(again);
    assertEquals(Optional.empty(), take());
    // When
    queue.finished(first.position());
    // Then
    assertEquals(Optional.of(again), take());
  }

  @Test
  void waitingJobsWhoseAdapterCanNotBeReadAreSetAsideAndOthersStay() throws Exception {
    // Given
    Delivery unable = delivery("unable", 0);
    Delivery able = delivery("able", 1);
    queue.add(unable);
    queue.add(able);
    // When
    int[] asked = {0};
    queue.strand(adapter -> asked[0]++ == 0 ? Optional.of(ERROR) : Optional.empty());
    // Then
    assertEquals(List.of(new Stray(unable, ERROR)), queue.strays().waiting());
    assertEquals(List.of(able), queue.waiting());
  }

  @Test
  void aJobInHandIsRecalledAndAWaitingOneWithdrawn() throws Exception {
    // Given
    Delivery running = delivery("running", 0);
    Delivery waiting = delivery("waiting", 1);
    queue.add(running);
    take();
    queue.add(waiting);
    // When
    List<RecordPosition> withdrawn = queue.withdraw(position -> true);
    queue.recall(position -> true);
    // Then
    assertEquals(List.of(waiting.position()), withdrawn);
    assertTrue(queue.recalled(running.position()));
    assertFalse(queue.recalled(waiting.position()));
  }

  @Test
  void aJobThatCouldNotBeClaimedWaitsAgain() throws Exception {
    // Given
    Delivery unclaimed = delivery("unclaimed", 0);
    queue.add(unclaimed);
    take();
    // When
    queue.putBack(unclaimed);
    // Then
    assertEquals(Optional.of(unclaimed), take());
  }

  @Test
  void aJobThatCouldNotBeClaimedIsDroppedOnceItsPartitionGoes() throws Exception {
    // Given
    Delivery unclaimed = delivery("unclaimed", 0);
    queue.add(unclaimed);
    take();
    queue.withdraw(position -> true);
    // When
    queue.putBack(unclaimed);
    // Then
    assertEquals(Optional.empty(), take());
    assertEquals(List.of(), queue.waiting());
  }

  @Test
  void itTellsEveryJobThatItHasFetched() throws Exception {
    // Given
    Delivery running = delivery("running", 0);
    queue.add(running);
    take();
    queue.add(delivery("waiting", 1));
    queue.strand(stray("aside", 2));
    // When
    List<String> held = queue.jobs();
    queue.finished(running.position());
    // Then
    assertEquals(List.of("running", "waiting", "aside"), held);
    assertEquals(List.of("waiting", "aside"), queue.jobs());
  }

  @Test
  void aClosedQueueGivesOutNothingAndRecallsEverything() throws Exception {
    // Given
    Delivery running = delivery("running", 0);
    queue.add(running);
    take();
    queue.add(delivery("waiting", 1));
    // When
    queue.close();
    // Then
    assertEquals(Optional.empty(), take());
    assertTrue(queue.recalled(running.position()));
    assertEquals(0, queue.waiting().size());
  }

  private Optional<Delivery> take() throws InterruptedException {
    return queue.take(ready -> ready.stream().findFirst(), AT_ONCE);
  }

  @Test
  void aJobThatIsHeldBackBlocksNobodyAndTakesNoRoom() throws Exception {
    // Given
    queue.add(delivery("later", 0, Optional.of(NOW.plusSeconds(1))));
    Delivery sound = delivery("sound", 1);
    queue.add(sound);
    // When
    Optional<Delivery> taken = take();
    // Then
    assertEquals(Optional.of(sound), taken);
    assertEquals(Optional.empty(), take());
    assertEquals(1, queue.heldBack(Topics.of("tiny", Lane.INTERACTIVE)));
    assertEquals(0, queue.heldBack(Topics.of("tiny", Lane.BATCH)));
  }

  @Test
  void aJobThatWasHeldBackGoesWhenItsTimeHasCome() throws Exception {
    // Given
    Delivery due = delivery("due", 0, Optional.of(NOW));
    // When
    queue.add(due);
    // Then
    assertEquals(Optional.of(due), take());
    assertEquals(0, queue.heldBack(Topics.of("tiny", Lane.INTERACTIVE)));
  }

  @Test
  void aJobThatCanNotBeDrawnWaitsAsideWithThoseOfItsAdapterAndReturnsWhenItCan() throws Exception {
    // Given one in hand and one that waits
    Delivery unable = delivery("unable", 0);
    Delivery alike = delivery("alike", 1);
    queue.add(unable);
    take();
    queue.add(alike);
    // When
    queue.strand(unable, ERROR);
    // Then
    assertEquals(Optional.empty(), take());
    assertEquals(
        List.of("unable", "alike"), queue.strays().waiting().stream().map(Stray::id).toList());
    assertEquals(2, queue.heldBack(Topics.of("tiny", Lane.INTERACTIVE)));
    queue.strays().recovered(queue.strays().waiting().getFirst());
    assertEquals(Optional.of(unable), take());
  }

  @Test
  void aJobThatCanNotBeDrawnIsPassedOnOnceAndWithdrawnWithItsPartition() {
    // Given
    queue.strand(stray("a", 0));
    queue.strand(stray("b", 1));
    // When
    boolean first = queue.strays().depart(stray("a", 0));
    boolean again = queue.strays().depart(stray("a", 0));
    List<RecordPosition> withdrawn = queue.withdraw(position -> true);
    queue.recall(position -> true);
    queue.strays().putBack(stray("a", 0));
    // Then
    assertTrue(first);
    assertFalse(again);
    assertEquals(List.of(stray("b", 1).position()), withdrawn);
    assertEquals(List.of(), queue.strays().waiting());
  }

  private static Stray stray(String id, long offset) {
    return new Stray(delivery(id, offset), ERROR);
  }

  private static Delivery delivery(String id, long offset) {
    return delivery(id, offset, Optional.empty());
  }

  private static Delivery delivery(String id, long offset, Optional<Instant> notBefore) {
    RenderRecord record = Recorded.record(id);
    RecordPosition position =
        new RecordPosition(new TopicPartition(Topics.of("tiny", Lane.INTERACTIVE), 0), offset, 1);
    return new Delivery(
        record,
        record.job().orElseThrow(),
        position,
        new JobHeaders(1, Optional.empty(), notBefore, 0, Optional.empty(), 0, 0),
        Instant.EPOCH);
  }
}
