package dev.polyptych.nano.train;

/**
 * How T5's heads begin: each looks back, on, or both ways, and less the farther off a word is, as
 * in ALiBi (Press, Smith, Lewis 2022). What a word belongs to, which panel or which figure, stands
 * a few words before it; started from noise, the heads had not found that after 5,000 steps.
 */
final class PositionBias {
  /** What a look in the wrong direction costs, as good as never. */
  private static final float NEVER = -8;

  /** Slopes per word back and per word on, in turn for the heads. */
  private static final double[][] SLOPES = {
    {0.2, Double.NaN}, {0.02, Double.NaN}, {Double.NaN, 0.2}, {0.3, 0.3}
  };

  /** As T5Config's default, which nano keeps: a bucket of its own for all that is farther off. */
  private static final double FARTHEST = 128;

  private PositionBias() {}

  /**
   * @param buckets half of them for the words before, half for those after
   * @return (buckets, heads)
   */
  static float[] numbers(int buckets, int heads) {
    float[] numbers = new float[buckets * heads];
    int half = buckets / 2;
    for (int bucket = 0; bucket < buckets; bucket++) {
      double distance = distance(bucket % half, half / 2);
      for (int head = 0; head < heads; head++) {
        double slope = SLOPES[head % SLOPES.length][bucket / half];
        numbers[bucket * heads + head] = Double.isNaN(slope) ? NEVER : (float) (-slope * distance);
      }
    }
    return numbers;
  }

  /** The nearest of a bucket: one a word at first, then ever wider ones. */
  private static double distance(int bucket, int exact) {
    return bucket < exact
        ? bucket
        : exact * Math.pow(FARTHEST / exact, (double) (bucket - exact) / exact);
  }
}
