package dev.polyptych.worker.schedule;

import dev.polyptych.schema.routing.Residency;
import dev.polyptych.schema.routing.SwapCosts;

/**
 * What things take on this worker, as measured, and where its adapters are.
 *
 * @param renderSeconds of a job, one with another; 0 before the first
 */
public record Costs(double renderSeconds, SwapCosts swap, Residency residency) {
  /** Of a worker that has measured nothing. */
  public static final Costs UNKNOWN = new Costs(0, SwapCosts.NONE, Residency.EMPTY);

  /** The part of the GPU's time that swaps may take while jobs wait. */
  private static final double SWAP_SHARE = Double.parseDouble(System.getProperty("share", "0.05"));

  private static final double CARRY = Double.parseDouble(System.getProperty("carry", "1"));

  public boolean known() {
    return renderSeconds > 0;
  }

  /** Seconds until the worker could draw with an adapter. */
  double swapSeconds(String adapter) {
    return swap.from(residency.of(adapter));
  }

  /**
   * Swap time that rendering has not paid for yet.
   *
   * @param before what was owed before a job
   * @param adapter the job's
   */
  double owed(double before, String adapter) {
    double swap = swapSeconds(adapter);
    double carried = swap > 0 ? Math.min(before, CARRY * this.swap.absent()) : before;
    return Math.max(0, carried + swap - SWAP_SHARE * renderSeconds);
  }
}
