package dev.polyptych.dispatcher.sweep;

import dev.polyptych.policy.reconcile.LaneWindow;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the offsets of the lanes. Blocks for a few seconds at most. */
public interface LaneView {
  /**
   * By topic, of the lanes of every base and of the inbox: the partitions in order. Empty if the
   * broker does not answer.
   */
  Optional<Map<String, List<LaneWindow>>> windows() throws InterruptedException;
}
