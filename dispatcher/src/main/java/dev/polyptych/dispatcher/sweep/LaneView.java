package dev.polyptych.dispatcher.sweep;

import dev.polyptych.policy.reconcile.LaneWindow;
import dev.polyptych.schema.job.Lane;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the offsets of the lanes. Blocks for a few seconds at most. */
public interface LaneView {
  /** By lane: the partitions in order. Empty if the broker does not answer. */
  Optional<Map<Lane, List<LaneWindow>>> windows() throws InterruptedException;
}
