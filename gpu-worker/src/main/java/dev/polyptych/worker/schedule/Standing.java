package dev.polyptych.worker.schedule;

import java.util.Optional;

/**
 * What a worker has done so far, as far as it matters for what it does next.
 *
 * @param warm the adapter that the model draws with now
 * @param streak jobs rendered in a row with it
 * @param sinceBatch interactive jobs rendered since batch last had its turn
 * @param batchHadTurn whether the last choice that no streak forced was for batch
 * @param shares what tenants have had
 */
public record Standing(
    Optional<String> warm, int streak, int sinceBatch, boolean batchHadTurn, Shares shares) {
  /** Of a worker that has rendered nothing. */
  public static final Standing START = new Standing(Optional.empty(), 0, 0, false);

  /** Of a worker on which no tenant is ahead. */
  public Standing(Optional<String> warm, int streak, int sinceBatch, boolean batchHadTurn) {
    this(warm, streak, sinceBatch, batchHadTurn, Shares.EQUAL);
  }

  Standing withShares(Shares other) {
    return new Standing(warm, streak, sinceBatch, batchHadTurn, other);
  }

  /** The standing when the model draws with another adapter than was thought. */
  public Standing withWarm(Optional<String> adapter) {
    return warm.equals(adapter) ? this : new Standing(adapter, 0, sinceBatch, batchHadTurn, shares);
  }

  boolean isWarm(String adapter) {
    return warm.isPresent() && warm.get().equals(adapter);
  }
}
