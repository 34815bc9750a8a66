package dev.polyptych.engine.adapter;

/**
 * Branch or merged. An adapter starts as a branch. It is merged once the steps in sight pay for the
 * merge and memory allows it. Pure.
 *
 * <p>The two ways round differently, so the last digits of a picture depend on the way. Where a
 * seed must give the same bits on every worker, the memory for merging stays 0.
 *
 * @param mergeBytes how much the layers of a merged adapter may take; 0: never merge
 */
public record ApplicationPolicy(AdapterCosts costs, long mergeBytes) {
  /** How an adapter is drawn with. */
  public enum Way {
    BRANCH,
    MERGED
  }

  /**
   * What the two ways cost on this device, measured.
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

  /** The policy of a device on which nothing was measured: branches only. */
  public static ApplicationPolicy branchOnly() {
    return new ApplicationPolicy(new AdapterCosts(0, 0), 0);
  }

  /**
   * The way for the next run.
   *
   * @param steps expected with this adapter in a row, the next run's included
   * @param mergedBytes what its merged layers would take
   */
  public Way choose(long steps, long mergedBytes) {
    return mergedBytes <= mergeBytes && steps > costs.stepsToPay() ? Way.MERGED : Way.BRANCH;
  }
}
