package dev.polyptych.policy.schedule;

import java.util.Optional;

/**
 * What a worker has done so far, as far as it matters for what it does next.
 *
 * @param warm the adapter that the model draws with now
 * @param streak jobs rendered in a row with it
 * @param sinceBatch interactive jobs rendered since batch last had its turn
 * @param batchHadTurn whether the last choice that no streak forced was for batch
 * @param shares what tenants have had
 * @param owedSeconds swap time that jobs have not paid for yet; 0 when costs are not known
 * @param costs what things take here
 */
public record ScheduleState(
    Optional<String> warm,
    int streak,
    int sinceBatch,
    boolean batchHadTurn,
    Shares shares,
    double owedSeconds,
    Costs costs) {
  /** Of a worker that has rendered nothing. */
  public static final ScheduleState START = new ScheduleState(Optional.empty(), 0, 0, false);

  /** Of a worker on which no tenant is ahead. */
  public ScheduleState(Optional<String> warm, int streak, int sinceBatch, boolean batchHadTurn) {
    this(warm, streak, sinceBatch, batchHadTurn, Shares.EQUAL, 0, Costs.UNKNOWN);
  }

  ScheduleState withShares(Shares other) {
    return new ScheduleState(warm, streak, sinceBatch, batchHadTurn, other, owedSeconds, costs);
  }

  /** The standing when the model draws with another adapter than was thought. */
  public ScheduleState withWarm(Optional<String> adapter) {
    return warm.equals(adapter)
        ? this
        : new ScheduleState(adapter, 0, sinceBatch, batchHadTurn, shares, owedSeconds, costs);
  }

  /** The standing once costs were measured anew, or adapters have moved between tiers. */
  public ScheduleState withCosts(Costs measured) {
    return new ScheduleState(warm, streak, sinceBatch, batchHadTurn, shares, owedSeconds, measured);
  }

  boolean isWarm(String adapter) {
    return warm.isPresent() && warm.get().equals(adapter);
  }
}
