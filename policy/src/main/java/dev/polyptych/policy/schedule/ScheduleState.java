package dev.polyptych.policy.schedule;

import java.util.Optional;

/**
 * What a worker has done so far, as far as the next decision depends on it.
 *
 * @param warm the adapter that the model draws with now
 * @param streak jobs rendered in a row with it
 * @param sinceBatch interactive jobs rendered since batch last had its turn
 * @param batchHadTurn whether the last free choice was for batch
 * @param shares GPU time of the tenants
 * @param owedSeconds swap time that jobs have not paid for; 0 when costs are not known
 * @param costs of renders and swaps on this worker
 */
public record ScheduleState(
    Optional<String> warm,
    int streak,
    int sinceBatch,
    boolean batchHadTurn,
    Shares shares,
    double owedSeconds,
    Costs costs) {
  /** A worker that has rendered nothing. */
  public static final ScheduleState START = new ScheduleState(Optional.empty(), 0, 0, false);

  /** A worker on which no tenant is ahead. */
  public ScheduleState(Optional<String> warm, int streak, int sinceBatch, boolean batchHadTurn) {
    this(warm, streak, sinceBatch, batchHadTurn, Shares.EQUAL, 0, Costs.UNKNOWN);
  }

  ScheduleState withShares(Shares other) {
    return new ScheduleState(warm, streak, sinceBatch, batchHadTurn, other, owedSeconds, costs);
  }

  /** The state with the adapter that is really warm. */
  public ScheduleState withWarm(Optional<String> adapter) {
    return warm.equals(adapter)
        ? this
        : new ScheduleState(adapter, 0, sinceBatch, batchHadTurn, shares, owedSeconds, costs);
  }

  /** The state with new costs, or after adapters moved between tiers. */
  public ScheduleState withCosts(Costs measured) {
    return new ScheduleState(warm, streak, sinceBatch, batchHadTurn, shares, owedSeconds, measured);
  }

  boolean isWarm(String adapter) {
    return warm.isPresent() && warm.get().equals(adapter);
  }
}
