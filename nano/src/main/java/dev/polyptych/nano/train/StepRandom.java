package dev.polyptych.nano.train;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The random sources of a training: one a step, so that a resumed training draws the same. */
public record StepRandom(long seed) {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** The source of a step. */
  public RandomGenerator of(int step) {
    return new SplittableRandom(seed + (step + 1) * GOLDEN_GAMMA);
  }
}
