package dev.polyptych.engine.adapter;

/**
 * Branch or merged: a branch first, merged once the steps that are in sight pay for the merge and
 * memory allows it. Pure.
 *
 * <p>The two round differently, so a job's picture may differ in its last digits by the way it was
 * drawn. Where a seed must give the same bits on every worker, memory for merging stays 0.
 *
 * @param mergeBytes how much the layers of a merged adapter may take; 0: never merge
 */
public record ApplicationPolicy(AdapterCosts costs, long mergeBytes) {
  /** How an adapter is drawn with. */
  public enum Way {
    BRANCH,
    MERGED
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
