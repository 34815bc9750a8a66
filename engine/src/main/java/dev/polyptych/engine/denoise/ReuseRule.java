package dev.polyptych.engine.denoise;

/** Decides which steps of one run reuse: the distances since the last step that was computed. */
final class ReuseRule {
  /**
   * How much the model's answer changes with what its first block reads, fitted by TeaCache's
   * authors on FLUX.1-dev; highest power first.
   */
  private static final double[] FLUX_DEV = {
    4.98651651e+02, -2.83781631e+02, 5.58554382e+01, -3.82021401e+00, 2.64230861e-01
  };

  private final StepCache cache;
  private final int steps;
  private double sum;

  /**
   * @param steps of the whole run
   */
  ReuseRule(StepCache cache, int steps) {
    this.cache = cache;
    this.steps = steps;
  }

  /** Double blocks that every step does. */
  int blocks() {
    return cache.method().blocks();
  }

  /** Whether a step is compared with the one before it, even if that one was not computed. */
  boolean comparesNeighbours() {
    return switch (cache.method()) {
      case FIRST_BLOCK -> false;
      case TEACACHE -> true;
    };
  }

  /**
   * Whether a step reuses; asked once for each step that has something to reuse.
   *
   * @param distance from the step that it is compared with; NaN never reuses
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
