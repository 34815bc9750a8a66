package dev.polyptych.nano.score;

import java.util.random.RandomGenerator;

/**
 * Small random changes to a picture, so that the scorer reads generated ones too: they are blurred,
 * noisy, and a little off in colour and place.
 */
final class Augmentation {
  private static final double LIKELIHOOD = 0.5;
  private static final double MOST_BLUR = 0.25;
  private static final double MOST_NOISE = 0.06;
  private static final double MOST_BRIGHTNESS = 0.08;
  private static final double MOST_CONTRAST = 0.1;

  private final int edge;
  private final float[] spare;

  /**
   * @param edge pixels of a picture's
   */
  Augmentation(int edge) {
    this.edge = edge;
    this.spare = new float[edge * edge];
  }

  /** Changes a picture (3, edge, edge) in place. */
  void change(float[] pictures, int picture, RandomGenerator chance) {
    int down = chance.nextInt(3) - 1;
    int right = chance.nextInt(3) - 1;
    double blur = chance.nextDouble() < LIKELIHOOD ? MOST_BLUR * chance.nextDouble() : 0;
    double noise = chance.nextDouble() < LIKELIHOOD ? MOST_NOISE * chance.nextDouble() : 0;
    double brightness = MOST_BRIGHTNESS * balanced(chance);
    double contrast = 1 + MOST_CONTRAST * balanced(chance);
    for (int channel = 0; channel < 3; channel++) {
      int plane = (3 * picture + channel) * spare.length;
      shift(pictures, plane, down, right);
      blur(pictures, plane, blur);
      for (int i = plane; i < plane + spare.length; i++) {
        double grain = noise == 0 ? 0 : noise * chance.nextGaussian();
        pictures[i] = (float) Math.clamp(contrast * pictures[i] + brightness + grain, -1.0, 1.0);
      }
    }
  }

  private void shift(float[] values, int plane, int down, int right) {
    System.arraycopy(values, plane, spare, 0, spare.length);
    for (int i = 0; i < spare.length; i++) {
      values[plane + i] = pixel(i / edge - down, i % edge - right);
    }
  }

  /** Of every pixel's value, this share comes from each neighbour; across, then down. */
  private void blur(float[] values, int plane, double share) {
    if (share == 0) {
      return;
    }
    for (int axis = 0; axis < 2; axis++) {
      System.arraycopy(values, plane, spare, 0, spare.length);
      for (int i = 0; i < spare.length; i++) {
        int row = i / edge;
        int column = i % edge;
        float before = pixel(row - axis, column - 1 + axis);
        float after = pixel(row + axis, column + 1 - axis);
        values[plane + i] = (float) ((1 - 2 * share) * spare[i] + share * (before + after));
      }
    }
  }

  /** Of the spare plane, whose border goes on outside. */
  private float pixel(int row, int column) {
    return spare[Math.clamp(row, 0, edge - 1) * edge + Math.clamp(column, 0, edge - 1)];
  }

  /** From -1 to 1. */
  private static double balanced(RandomGenerator chance) {
    return 2 * chance.nextDouble() - 1;
  }
}
