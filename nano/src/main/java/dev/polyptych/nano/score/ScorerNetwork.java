package dev.polyptych.nano.score;

import dev.polyptych.weights.model.TensorShapes;
import java.util.Arrays;

/** Sizes of the scorer's network: about 0.37 million parameters. */
final class ScorerNetwork {
  /** Pixels of a panel's edge. */
  static final int EDGE = 64;

  /** The picture's channels, then those of each block. */
  private static final int[] WIDTHS = {3, 16, 32, 32, 64, 64, 96, 96, 96};

  private static final long[] STRIDES = {1, 2, 1, 2, 1, 2, 1, 2};
  private static final int GRID = 4;
  private static final int SUMMARY = 32;
  private static final int HIDDEN = 128;

  private ScorerNetwork() {}

  static TensorShapes tensors() {
    TensorShapes shapes = new TensorShapes();
    for (int i = 0; i < STRIDES.length; i++) {
      shapes
          .convolution("blocks." + i + ".conv", WIDTHS[i], WIDTHS[i + 1], 3)
          .norm("blocks." + i + ".norm", WIDTHS[i + 1]);
    }
    int deepest = WIDTHS[STRIDES.length];
    int choices = (int) Arrays.stream(choices()).sum();
    return shapes
        .convolution("places", deepest, SUMMARY, 1)
        .linear("hidden", GRID * GRID * SUMMARY + deepest, HIDDEN)
        .linear("heads", HIDDEN, choices);
  }

  /** One per block. */
  static long[] strides() {
    return STRIDES.clone();
  }

  /** The number of values of each attribute's head. */
  static long[] choices() {
    return Arrays.stream(Attribute.values()).mapToLong(Attribute::choices).toArray();
  }
}
