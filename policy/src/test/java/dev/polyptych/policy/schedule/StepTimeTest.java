package dev.polyptych.policy.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StepTimeTest {
  private final StepTime time = new StepTime();

  @Test
  void nothingIsKnownBeforeTheFirstStep() {
    assertEquals(0, time.seconds());
    assertEquals(0, time.estimate(100));
    assertEquals(0, time.measuredAt(100));
  }

  @Test
  void sizesAreMeasuredApartAndTheNewestStepWeighsATenth() {
    time.measured(100, 1);
    time.measured(400, 8);
    time.measured(100, 2);

    assertEquals(1.1, time.estimate(100), 1e-9);
    assertEquals(8, time.estimate(400), 1e-9);
    assertEquals(1 + 0.7 + 0.1 * (2 - 1.7), time.seconds(), 1e-9);
  }

  @Test
  void anUnknownSizeIsEstimatedByItsTokens() {
    time.measured(100, 1);

    assertEquals(3, time.estimate(300), 1e-9);
    assertEquals(0, time.measuredAt(300));
  }

  @Test
  void itForgetsSizesWhenThereAreMoreThanACatalogHas() {
    for (int size = 1; size <= 64; size++) {
      time.measured(size, 1);
    }
    assertEquals(1, time.measuredAt(64));

    time.measured(65, 1);

    assertEquals(0, time.measuredAt(64));
    assertEquals(1, time.measuredAt(65));
  }
}
