package dev.polyptych.lab.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CountersTest {
  private static final String TEXT =
      """
      # HELP jobs_total Jobs.
      # TYPE jobs_total counter
      jobs_total{lane="batch"} 2.0
      jobs_total{lane="interactive"} 3.0
      jobs_total_more 100.0
      other_total 7.0
      """;

  @Test
  void aCounterIsSummedOverItsLabels() {
    assertEquals(5, Counters.sum(TEXT, "jobs_total"));
  }

  @Test
  void aCounterWithoutLabelsIsRead() {
    assertEquals(7, Counters.sum(TEXT, "other_total"));
  }

  @Test
  void aCounterThatIsNotThereIsZero() {
    assertEquals(0, Counters.sum(TEXT, "swaps_total"));
  }
}
