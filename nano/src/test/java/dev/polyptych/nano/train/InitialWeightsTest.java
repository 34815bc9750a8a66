package dev.polyptych.nano.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InitialWeightsTest {
  private static final String ATTENTION = "encoder.block.0.layer.0.SelfAttention.";
  private static final int HEADS = 4;
  private static final int HALF = 16;

  private final InitialWeights weights = new InitialWeights(1);

  @Test
  void theScoresOfWordsStartAtZeroAndWhatTheyFetchDoesNot() {
    float[] zeros = new float[64];
    assertArrayEquals(zeros, numbers(ATTENTION + "q.weight", List.of(8L, 8L)));
    assertArrayEquals(zeros, numbers(ATTENTION + "k.weight", List.of(8L, 8L)));
    assertTrue(numbers(ATTENTION + "v.weight", List.of(8L, 8L))[0] != 0);
  }

  @Test
  void aHeadPrefersWordsNearBy() {
    float[] bias = bias();
    for (int bucket = 1; bucket < HALF; bucket++) {
      assertTrue(back(bias, bucket, 0) < back(bias, bucket - 1, 0));
      assertTrue(back(bias, bucket, 1) < back(bias, bucket - 1, 1));
      assertTrue(on(bias, bucket, 2) < on(bias, bucket - 1, 2));
      assertEquals(back(bias, bucket, 3), on(bias, bucket, 3));
    }
  }

  @Test
  void aHeadThatLooksBackSeesNothingAhead() {
    float[] bias = bias();
    assertTrue(on(bias, 1, 0) < back(bias, HALF / 2, 0));
    assertTrue(back(bias, 1, 2) < on(bias, HALF / 2, 2));
  }

  private float[] bias() {
    return numbers(ATTENTION + "relative_attention_bias.weight", List.of(2L * HALF, (long) HEADS));
  }

  private static float back(float[] bias, int bucket, int head) {
    return bias[bucket * HEADS + head];
  }

  private static float on(float[] bias, int bucket, int head) {
    return bias[(HALF + bucket) * HEADS + head];
  }

  private float[] numbers(String name, List<Long> shape) {
    return weights.of(Map.of(name, shape)).get(name).numbers();
  }
}
