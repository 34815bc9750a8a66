package dev.polyptych.nano.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.nano.score.ScorerLearner.Augmentation;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final int EDGE = 8;
  private static final int PICTURE = 3 * EDGE * EDGE;

  @Test
  void theSameChanceGivesTheSamePicture() {
    assertArrayEquals(changed(1), changed(1));
  }

  @Test
  void valuesStayColours() {
    for (int seed = 0; seed < 50; seed++) {
      for (float value : changed(seed)) {
        assertTrue(value >= -1 && value <= 1, "seed " + seed + " gave " + value);
      }
    }
  }

  @Test
  void theOtherPicturesOfTheBatchAreLeftAlone() {
    float[] values = changed(5);

    for (int i = 0; i < PICTURE; i++) {
      assertEquals(0.5f, values[i]);
      assertEquals(0.5f, values[2 * PICTURE + i]);
    }
  }

  @Test
  void aPictureStaysRecognisable() {
    for (int seed = 0; seed < 50; seed++) {
      float[] values = changed(seed);

      double left = values[PICTURE + 3 * EDGE + 1];
      double right = values[PICTURE + 3 * EDGE + 6];
      assertTrue(right - left > 0.8, "seed " + seed + ": " + left + " and " + right);
    }
  }

  /** The second of three pictures is dark at the left and light at the right. */
  private static float[] changed(long seed) {
    float[] values = new float[3 * PICTURE];
    Arrays.fill(values, 0.5f);
    for (int i = 0; i < PICTURE; i++) {
      values[PICTURE + i] = i % EDGE < EDGE / 2 ? -0.7f : 0.7f;
    }
    new Augmentation(EDGE).change(values, 1, new SplittableRandom(seed));
    return values;
  }
}
