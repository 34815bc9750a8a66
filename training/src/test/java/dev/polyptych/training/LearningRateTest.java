package dev.polyptych.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LearningRateTest {
  private static final double EXACT = 1e-12;

  @Test
  void goesUpStaysLevelAndGoesDown() {
    LearningRate rate = new LearningRate(0.8, 4, 100, 0.5);

    assertEquals(0.2, rate.at(0), EXACT);
    assertEquals(0.8, rate.at(3), EXACT);
    assertEquals(0.8, rate.at(50), EXACT);
    assertEquals(0.4, rate.at(75), EXACT);
    assertEquals(0.016, rate.at(99), EXACT);
    assertEquals(0.008, rate.at(100), EXACT);
  }

  @Test
  void withoutDecayItStaysLevelToTheEnd() {
    assertEquals(0.8, LearningRate.level(0.8, 0, 100).at(99), EXACT);
  }
}
