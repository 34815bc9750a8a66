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
  private static final double SWAP_SHARE = 0.1;

  /** A dear swap must not keep the GPU for hours. */
  private static final int LONGEST = 1000;

  public boolean known() {
    return renderSeconds > 0;
  }

  /** Seconds until the worker could draw with an adapter. */
  double swapSeconds(String adapter) {
    return swap.from(residency.of(adapter));
  }

  /** Jobs that pay for a swap to an adapter: 1 where swaps cost nothing. */
  int quantum(String adapter) {
    double jobs = Math.ceil(swapSeconds(adapter) / (SWAP_SHARE * renderSeconds));
    return (int) Math.clamp(jobs, 1, LONGEST);
  }
}
