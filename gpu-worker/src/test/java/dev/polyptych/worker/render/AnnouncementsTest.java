package dev.polyptych.worker.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.worker.render.ProgressReport.Announcements;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
  @Test
  void firstAndLastStepAreAnnouncedAndTwoASecondBetween() {
    // Given 20 steps of 130 ms
    Announcements announcements = new Announcements(20);
    List<Integer> announced = new ArrayList<>();
    // When
    for (int step = 0; step <= 20; step++) {
      if (announcements.due(step, Instant.EPOCH.plusMillis(130L * step))) {
        announced.add(step);
      }
    }
    // Then
    assertEquals(List.of(1, 5, 9, 13, 17, 20), announced);
  }
}
