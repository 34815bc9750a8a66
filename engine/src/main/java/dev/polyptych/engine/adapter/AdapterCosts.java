package dev.polyptych.engine.adapter;

/**
 * What the two ways of drawing with an adapter cost on this device, measured.
 *
 * @param branchSecondsPerStep how much longer a step takes with a branch than merged; 0 or less
 *     where no difference could be measured
 * @param mergeSeconds to merge an adapter that is in host memory
 */
public record AdapterCosts(double branchSecondsPerStep, double mergeSeconds) {
  public AdapterCosts {
    if (!Double.isFinite(branchSecondsPerStep) || !(mergeSeconds >= 0)) {
      throw new IllegalArgumentException(
          "costs must be measured, were " + branchSecondsPerStep + " and " + mergeSeconds);
    }
  }

  /** Steps after which a merge has paid for itself; infinite if it never does. */
  public double stepsToPay() {
    return branchSecondsPerStep > 0
        ? mergeSeconds / branchSecondsPerStep
        : Double.POSITIVE_INFINITY;
  }
}
