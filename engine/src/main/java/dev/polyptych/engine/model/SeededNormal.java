package dev.polyptych.engine.model;

/**
 * Standard normal numbers that depend on seed and index only, with equal bits on every machine and
 * Java version. SplitMix64 (Steele, Lea, Flood 2014) gives uniform bits; Box-Muller with {@link
 * StrictMath} turns pairs of them into normal numbers. Neither java.util.random nor PyTorch
 * guarantees its stream for later versions. Immutable.
 */
public final class SeededNormal {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1.0p-53;

  private final long seed;

  /** The stream of a seed. Every seed is equally good. */
  public SeededNormal(long seed) {
    this.seed = mix(seed);
  }

  /** The first {@code count} numbers of the stream. */
  public float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i += 2) {
      // The logarithm of 0 is infinite, so the radius takes a number in (0, 1].
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(i)));
      double angle = 2 * StrictMath.PI * uniform(i + 1);
      numbers[i] = (float) (radius * StrictMath.cos(angle));
      if (i + 1 < count) {
        numbers[i + 1] = (float) (radius * StrictMath.sin(angle));
      }
    }
    return numbers;
  }

  /** The uniform number in [0, 1) at an index of the stream. */
  private double uniform(long place) {
    return (mix(seed + (place + 1) * GOLDEN_GAMMA) >>> 11) * UNIT;
  }

  private static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
