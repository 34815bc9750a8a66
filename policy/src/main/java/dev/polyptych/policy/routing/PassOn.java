package dev.polyptych.policy.routing;

import dev.polyptych.schema.fleet.Needs;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where a job goes that its worker can't draw: to the worker that can draw it and has least to do
 * before it. Pure.
 */
public sealed interface PassOn {
  /** A worker that can draw it takes this partition. */
  record To(String worker, int partition) implements PassOn {}

  /** A worker will be able to draw it once its model is loaded. */
  record Later() implements PassOn {}

  /** No live worker can draw it. */
  record Nobody() implements PassOn {}

  /**
   * @param self the worker that can't draw it
   */
  static PassOn of(Needs job, String self, Fleet fleet) {
    List<FleetWorker> able =
        fleet.workers().stream()
            .filter(worker -> !worker.id().equals(self) && worker.can().draws(job))
            // One without partitions can't be sent anything, and may never get any.
            .filter(worker -> worker.loading() || worker.takes())
            .toList();
    if (able.isEmpty()) {
      return new Nobody();
    }
    Optional<FleetWorker> best =
        able.stream()
            .filter(FleetWorker::takes)
            .min(
                Comparator.comparingDouble(
                        (FleetWorker worker) ->
                            worker.outstandingSeconds() + worker.swapSeconds(job.adapter()))
                    .thenComparing(FleetWorker::id));
    return best.<PassOn>map(
            worker ->
                new To(worker.id(), PartitionRanking.favourite(job.adapter(), worker.partitions())))
        .orElseGet(Later::new);
  }
}
