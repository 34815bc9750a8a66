package dev.polyptych.policy.schedule;

import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;

/**
 * What renders and swaps take on this worker, as measured, and where its adapters are.
 *
 * @param renderSeconds mean of a job; 0 before the first
 */
public record Costs(double renderSeconds, SwapCosts swap, Residency residency) {
  /** A worker that has measured nothing. */
  public static final Costs UNKNOWN = new Costs(0, SwapCosts.NONE, Residency.EMPTY);

  /**
   * The part of the GPU's time that swaps may take while jobs wait. The aim is a tenth. The value
   * is lower because some streaks end early for lack of jobs.
   */
  private static final double SWAP_SHARE = 0.03;

  public boolean known() {
    return renderSeconds > 0;
  }

  /**
   * Seconds of swaps that jobs have not paid for after one more job. A job pays the swaps' share of
   * a render. An older debt is limited to the most expensive swap, so that it can be paid.
   *
   * @param before the debt before the job
   * @param adapter the job's
   */
  double owed(double before, String adapter) {
    double carried = Math.min(before, swap.absent());
    double added = swap.from(residency.of(adapter));
    return Math.max(0, carried + added - SWAP_SHARE * renderSeconds);
  }
}
