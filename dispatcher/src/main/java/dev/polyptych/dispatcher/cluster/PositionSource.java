package dev.polyptych.dispatcher.cluster;

/** Where the lanes' positions are read. Blocks for some seconds at most. */
public interface PositionSource {
  /** {@link LanePositions#UNKNOWN} when the broker does not answer. */
  LanePositions positions() throws InterruptedException;
}
