package dev.polyptych.policy.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polyptych.schema.job.QueuePlace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterStateTest {
  private static final String BATCH = "polyptych.render.tiny.batch";
  private static final String JOB = "j-1";

  @ParameterizedTest
  @CsvSource({
    "0, 10, 20, 9, true, settled",
    "0, 10, 20, 10, false, the next one of its partition",
    "0, 10, 20, 19, false, the last one",
    "0, 10, 20, 20, true, beyond the end of a lane that was made anew",
    "15, 10, 20, 12, true, deleted by retention before a worker got it",
    "15, 10, 20, 15, false, the first that retention has left",
    "0, 10, 10, 9, true, in a drained partition",
  })
  void aRecordIsDeliveredIfItIsThereAndNotSettled(
      long begin, long settled, long end, long offset, boolean lost, String meaning) {
    // Given
    ClusterState state = state(Set.of(), new LaneWindow(begin, settled, end));
    // When
    boolean found = state.lost(JOB, BATCH, Optional.of(new QueuePlace(BATCH, 0, offset)));
    // Then
    assertEquals(lost, found, meaning);
  }

  @Test
  void aJobThatAWorkerHasIsNotLost() {
    // Given
    ClusterState state = state(Set.of(JOB), new LaneWindow(0, 10, 20));
    // When, then
    assertFalse(state.lost(JOB, BATCH, Optional.of(new QueuePlace(BATCH, 0, 3))));
  }

  @Test
  void aPartitionThatIsGoneDeliversNothing() {
    // Given
    ClusterState state = state(Set.of(), new LaneWindow(0, 0, 20));
    // When
    boolean there = state.lost(JOB, BATCH, Optional.of(new QueuePlace(BATCH, 0, 3)));
    boolean gone = state.lost(JOB, BATCH, Optional.of(new QueuePlace(BATCH, 1, 3)));
    // Then
    assertEquals(List.of(false, true), List.of(there, gone));
  }

  @Test
  void aRecordAtAnUnknownPlaceIsLostWhenItsWholeLaneIsDrained() {
    // Given
    LaneWindow drained = new LaneWindow(0, 20, 20);
    ClusterState none = state(Set.of(), drained, drained);
    ClusterState some = state(Set.of(), drained, new LaneWindow(0, 19, 20));
    // When
    boolean lost = none.lost(JOB, BATCH, Optional.empty());
    boolean maybe = some.lost(JOB, BATCH, Optional.empty());
    // Then
    assertEquals(List.of(true, false), List.of(lost, maybe));
  }

  @Test
  void nothingIsSaidOfALaneThatIsNotKnown() {
    // Given
    ClusterState state = state(Set.of(), new LaneWindow(0, 10, 10));
    // When, then
    assertFalse(
        state.lost(
            JOB, "polyptych.render.tiny.interactive", Optional.of(new QueuePlace(BATCH, 0, 3))));
  }

  private static ClusterState state(Set<String> held, LaneWindow... batch) {
    return new ClusterState(Map.of(BATCH, List.of(batch)), held, true);
  }
}
