package dev.polyptych.lab.bench.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnershipTest {
  private final Ownership ownership = new Ownership(4);

  @Test
  void theLongestTimeWithoutAnOwnerIsKept() {
    // Given
    owns("a", 10, 0, 1, 2, 3);
    List<String> before = ownership.owners();
    ownership.begin();
    // When
    owns("a", 20, 0, 1);
    owns("b", 20.5, 2);
    owns("b", 22, 2, 3);
    // Then
    assertEquals(2, ownership.longestOwnerless());
    assertEquals(2, Ownership.moved(before, ownership.owners()));
    assertTrue(ownership.even(2));
  }

  @Test
  void whatAKilledWorkerHadIsWithoutAnOwnerFromThenOn() {
    // Given
    owns("a", 10, 0, 1);
    owns("b", 10, 2, 3);
    // When
    ownership.gone("b", 11);
    // Then
    assertFalse(ownership.even(1));
    owns("a", 17, 0, 1, 2, 3);
    assertEquals(6, ownership.longestOwnerless());
    assertTrue(ownership.even(1));
  }

  private void owns(String worker, double at, Integer... partitions) {
    ownership.received(worker, new Notice.Owns(at, List.of(partitions)));
  }
}
