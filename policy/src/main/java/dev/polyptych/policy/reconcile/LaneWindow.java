package dev.polyptych.policy.reconcile;

/**
 * Offsets of one partition of a lane.
 *
 * @param begin of the first record that the broker still has
 * @param settled before which the workers have settled everything
 * @param end that the next record gets
 */
public record LaneWindow(long begin, long settled, long end) {
  /** Whether a worker will get the record at this offset. */
  boolean delivers(long offset) {
    return offset >= Math.max(begin, settled) && offset < end;
  }

  /** Whether no worker will get any record that is there now. */
  boolean drained() {
    return Math.max(begin, settled) >= end;
  }
}
