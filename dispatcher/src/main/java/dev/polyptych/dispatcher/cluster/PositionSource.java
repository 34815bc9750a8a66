package dev.polyptych.dispatcher.cluster;

import java.util.Map;

/** Reads the positions of all bases' lanes. Blocks for a few seconds at most. */
public interface PositionSource {
  /** By base; empty if the broker does not answer. */
  Map<String, LanePositions> positions() throws InterruptedException;
}
