package dev.polyptych.nano.train;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The random sources of a training: one a step, so that a resumed training draws the same. */
public record StepRandom(long seed) {
  /** The source of a step; it shares no draws with those of other steps. */
  public RandomGenerator of(int step) {
    // Twice: SplittableRandom counts on from its seed, so of seeds that lie in a row the streams
    // could be the same one, begun a draw later.
    long mixed = new SplittableRandom(seed ^ ((long) step << Integer.SIZE)).nextLong();
    return new SplittableRandom(mixed);
  }
}
