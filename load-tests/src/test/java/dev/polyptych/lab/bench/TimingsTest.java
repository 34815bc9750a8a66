package dev.polyptych.lab.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TimingsTest {
  @Test
  void percentilesAreOfTheNearestRank() {
    Timings timings = new Timings();
    for (int i = 2000; i >= 1; i--) {
      timings.add(i * 1_000_000L);
    }

    assertEquals(1.0, timings.percentile(0.5));
    assertEquals(1.98, timings.percentile(0.99));
    assertEquals(2.0, timings.percentile(1));
    assertEquals(0.5, timings.less(500_000_000L).percentile(0.5));
    assertTrue(Double.isNaN(new Timings().percentile(0.5)));
  }
}
