package dev.polyptych.lab.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AssignmentTest {
  @Test
  void aLostMembersPartitionsMoveAndNoOthers() {
    // Given
    Assignment assignment = new Assignment(12);
    assignment.assign(List.of(0, 1, 2));
    List<Integer> first = assignment.of(0);
    List<Integer> last = assignment.of(2);
    // When
    assignment.assign(List.of(0, 2));
    // Then
    assertTrue(assignment.of(0).containsAll(first));
    assertTrue(assignment.of(2).containsAll(last));
    assertEquals(List.of(), assignment.of(1));
  }

  @Test
  void aJoinedMemberGetsItsPartAndTheOthersGetNothingNew() {
    // Given
    Assignment assignment = new Assignment(12);
    assignment.assign(List.of(0, 1));
    List<Integer> first = assignment.of(0);
    // When
    assignment.assign(List.of(0, 1, 2));
    // Then
    assertTrue(first.containsAll(assignment.of(0)));
    assertEquals(
        List.of(4, 4, 4), IntStream.range(0, 3).mapToObj(m -> assignment.of(m).size()).toList());
  }

  @Test
  void ofAnAssignmentThatWasFoundTheOwnersAreThose() {
    Assignment assignment = new Assignment(List.of(1, 0, 1));

    assertEquals(List.of(0, 2), assignment.of(1));
    assertEquals(0, assignment.owner(1));
  }
}
