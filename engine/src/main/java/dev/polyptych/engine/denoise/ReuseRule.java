package dev.polyptych.engine.denoise;

/**
 * Decides which steps of one run reuse earlier results. Holds the distances since the last full
 * step.
 */
final class ReuseRule {
  /**
   * Polynomial from the change of the first block's input to the change of the model's output,
   * fitted by TeaCache's authors on FLUX.1-dev; highest power first.
   */
  private static final double[] FLUX_DEV = {
    4.98651651e+02, -2.83781631e+02, 5.58554382e+01, -3.82021401e+00, 2.64230861e-01
  };

  private final StepCache cache;
  private final int steps;
  private double sum;

  /**
   * @param steps number of steps of the whole run
   */
  ReuseRule(StepCache cache, int steps) {
    this.cache = cache;
    this.steps = steps;
  }

  /** Number of double blocks that every step computes. */
  int blocks() {
    return cache.method().blocks();
  }

  /** Whether a step is compared with the step before it, even if that one was reused. */
  boolean comparesNeighbours() {
    return switch (cache.method()) {
      case FIRST_BLOCK -> false;
      case TEACACHE -> true;
    };
  }

  /**
   * Whether a step reuses. Called once for each step that has something to reuse.
   *
   * @param distance from the step that it is compared with; never reuses if NaN
   */
  boolean reuses(int step, double distance) {
    return switch (cache.method()) {
      case FIRST_BLOCK -> distance < cache.threshold();
      case TEACACHE -> {
        sum += change(distance);
        boolean reuse = step < steps - 1 && sum < cache.threshold();
        sum = reuse ? sum : 0;
        yield reuse;
      }
    };
  }

  private static double change(double distance) {
    double value = 0;
    for (double factor : FLUX_DEV) {
      value = value * distance + factor;
    }
    return value;
  }
}
