package dev.polyptych.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssignmentTest {
  @Test
  void everyMemberHasPartitionsInARowAndAsManyAsTheOthers() {
    // Given
    Assignment assignment = new Assignment(14);
    // When
    assignment.assign(List.of(0, 1, 2));
    // Then
    List<Integer> sizes = new ArrayList<>();
    for (int member = 0; member < 3; member++) {
      List<Integer> owned = assignment.of(member);
      sizes.add(owned.size());
      assertEquals(owned.size() - 1, owned.getLast() - owned.getFirst());
    }
    assertEquals(List.of(4, 5, 5), sizes.stream().sorted().toList());
  }

  @Test
  void ofAnAssignmentThatWasFoundTheOwnersAreThose() {
    Assignment assignment = new Assignment(List.of(1, 0, 1));

    assertEquals(List.of(0, 2), assignment.of(1));
    assertEquals(0, assignment.owner(1));
  }
}
