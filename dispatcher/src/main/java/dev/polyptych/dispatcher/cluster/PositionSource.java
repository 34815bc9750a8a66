package dev.polyptych.dispatcher.cluster;

/** Reads the lanes' positions. Blocks for a few seconds at most. */
public interface PositionSource {
  /** {@link LanePositions#UNKNOWN} if the broker does not answer. */
  LanePositions positions() throws InterruptedException;
}
