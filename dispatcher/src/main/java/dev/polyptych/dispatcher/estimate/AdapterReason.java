package dev.polyptych.dispatcher.estimate;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.job.Reason;
import java.util.Optional;

/** Explains how a waiting job's adapter affects its wait. */
final class AdapterReason {
  private AdapterReason() {}

  /**
   * Empty if the worker holds the adapter and no other worker would be free sooner.
   *
   * @param worker will render the job
   */
  static Optional<Reason> of(String adapter, String worker, Fleet fleet) {
    Optional<FleetWorker> own = worker(worker, fleet);
    if (own.isEmpty()) {
      return Optional.empty();
    }
    if (!holds(own.get(), adapter)) {
      boolean elsewhere = fleet.workers().stream().anyMatch(other -> holds(other, adapter));
      return Optional.of(
          elsewhere
              ? new Reason.AdapterNotResident(adapter, worker)
              : new Reason.NoHolder(adapter, worker));
    }
    boolean freer =
        fleet.workers().stream()
            .anyMatch(other -> !holds(other, adapter) && sooner(other, own.get()));
    return freer && own.get().outstandingSeconds() > 0
        ? Optional.of(new Reason.WaitsForHolder(adapter, worker))
        : Optional.empty();
  }

  private static boolean sooner(FleetWorker other, FleetWorker own) {
    return !other.loading()
        && !other.partitions().isEmpty()
        && other.outstandingSeconds() < own.outstandingSeconds();
  }

  private static boolean holds(FleetWorker worker, String adapter) {
    return worker.residency().of(adapter).compareTo(Tier.HOST) <= 0;
  }

  private static Optional<FleetWorker> worker(String id, Fleet fleet) {
    return fleet.workers().stream().filter(worker -> worker.id().equals(id)).findFirst();
  }
}
