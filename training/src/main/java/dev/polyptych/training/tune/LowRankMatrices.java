package dev.polyptych.training.tune;

/**
 * What tuning adds to one linear layer: up * down, at scale 1.
 *
 * @param down A, rank x inputs, row-major; not copied
 * @param up B, outputs x rank, row-major; not copied
 */
public record LowRankMatrices(int rank, int inputs, int outputs, float[] down, float[] up) {
  public LowRankMatrices {
    if (down.length != rank * inputs || up.length != outputs * rank) {
      throw new IllegalArgumentException(
          "%d and %d values are no pair of %d x %d and %d x %d"
              .formatted(down.length, up.length, rank, inputs, outputs, rank));
    }
  }
}
