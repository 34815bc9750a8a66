package dev.polyptych.policy.reconcile;

import dev.polyptych.schema.job.QueuePlace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The lanes and the live workers as they were before a job's state was read. Workers commit a
 * record after the job has ended or has another record. So an open job whose record is committed,
 * and which no worker has, has been lost, unless it changed in between: it must be found so twice.
 *
 * @param lanes the partitions of each lane and inbox, by topic
 * @param held ids of the jobs that live workers have fetched
 * @param allTell whether every live worker tells what it has fetched
 */
public record ClusterState(Map<String, List<LaneWindow>> lanes, Set<String> held, boolean allTell) {
  public ClusterState {
    lanes = Map.copyOf(lanes);
    held = Set.copyOf(held);
  }

  /**
   * Whether no worker has an open job or will get its record.
   *
   * @param topic of its latest record
   * @param place of that record; if it is unknown, any record that waits there may be the job's
   */
  public boolean lost(String job, String topic, Optional<QueuePlace> place) {
    List<LaneWindow> partitions = lanes.getOrDefault(topic, List.of());
    if (held.contains(job) || partitions.isEmpty()) {
      return false;
    }
    return place
        .map(at -> !delivers(partitions, at))
        .orElseGet(() -> partitions.stream().allMatch(LaneWindow::drained));
  }

  private static boolean delivers(List<LaneWindow> partitions, QueuePlace place) {
    return place.partition() < partitions.size()
        && partitions.get(place.partition()).delivers(place.offset());
  }
}
