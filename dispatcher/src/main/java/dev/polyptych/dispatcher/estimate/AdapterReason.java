package dev.polyptych.dispatcher.estimate;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.schema.catalog.AdapterSet;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Reason;
import java.util.List;
import java.util.Optional;

/** Explains how a waiting job's adapter affects its wait. */
final class AdapterReason {
  private AdapterReason() {}

  /**
   * An adapter of the job that its worker fetches; empty if there is none.
   *
   * @param worker will render the job
   */
  static Optional<Reason> fetching(JobStatus job, WorkerHeartbeat worker) {
    List<String> ids = AdapterSet.members(job.adapterKey());
    List<String> names = AdapterSet.members(job.adapter());
    for (int i = 0; i < ids.size(); i++) {
      if (worker.fetching().contains(ids.get(i))) {
        return Optional.of(
            new Reason.FetchingAdapter(names.get(i), worker.id(), worker.fetching().size()));
      }
    }
    return Optional.empty();
  }

  /**
   * Empty if the worker holds the job's adapters and no other worker would be free sooner.
   *
   * @param key what workers know the adapters by
   * @param adapter their names
   * @param worker will render the job
   */
  static Optional<Reason> of(String key, String adapter, String worker, Fleet fleet) {
    Optional<FleetWorker> own = worker(worker, fleet);
    if (own.isEmpty()) {
      return Optional.empty();
    }
    if (!holds(own.get(), key)) {
      boolean elsewhere = fleet.workers().stream().anyMatch(other -> holds(other, key));
      return Optional.of(
          elsewhere
              ? new Reason.AdapterNotResident(adapter, worker)
              : new Reason.NoHolder(adapter, worker));
    }
    boolean freer =
        fleet.workers().stream().anyMatch(other -> !holds(other, key) && sooner(other, own.get()));
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
