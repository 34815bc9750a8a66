package dev.polyptych.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SeededNormalTest {
  @Test
  void keepsItsStreamForEver() {
    float[] first = {0.7189199f, 1.138606f, 0.57606214f, 0.17930521f, 0.26247513f};

    assertArrayEquals(first, new SeededNormal(42).numbers(5));
  }

  @Test
  void givesAPrefixOfTheSameStreamWhenAskedForLess() {
    float[] many = new SeededNormal(7).numbers(100);

    assertArrayEquals(Arrays.copyOf(many, 33), new SeededNormal(7).numbers(33));
  }

  @Test
  void givesNeighbouringSeedsStreamsOfTheirOwn() {
    assertFalse(Arrays.equals(new SeededNormal(1).numbers(4), new SeededNormal(2).numbers(4)));
  }

  @Test
  void isStandardNormal() {
    float[] numbers = new SeededNormal(3).numbers(200_000);

    double mean = 0;
    double square = 0;
    double fourth = 0;
    for (float number : numbers) {
      mean += number / 200_000.0;
      square += Math.pow(number, 2) / 200_000;
      fourth += Math.pow(number, 4) / 200_000;
    }
    assertEquals(0, mean, 0.01);
    assertEquals(1, square, 0.02);
    assertEquals(3, fourth, 0.1);
  }
}
