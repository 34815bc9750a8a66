package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.simulator.Replay;
import java.util.List;

/**
 * How much of everything.
 *
 * @param jobs of each arm; half as many at overload
 * @param steps of a job
 * @param zipf exponent of the tasks' popularity
 * @param load of what the fleet can draw; overload is twice what it can
 */
public record ClusterPlan(
    int workers, int tasks, double zipf, int jobs, int steps, double load, List<Replay.Way> arms) {
  /** Over-partitioned as recommended. */
  private static final int PARTITIONS_EACH = 4;

  public ClusterPlan {
    arms = List.copyOf(arms);
  }

  int partitions() {
    return PARTITIONS_EACH * workers;
  }
}
