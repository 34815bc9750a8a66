package dev.polyptych.dispatcher.events;

import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.JobResults;
import dev.polyptych.store.JobStore;
import java.util.List;
import java.util.Optional;

/** Reads what the store keeps of a job's events. Blocks. */
public final class EventArchive {
  private final JobStore store;
  private final JobResults results;

  public EventArchive(JobStore store, JobResults results) {
    this.store = store;
    this.results = results;
  }

  /**
   * @param tenant who reads; another one's job is unknown to it
   * @throws dev.polyptych.store.StoreUnavailableException when the store does not answer
   */
  public EventPage after(String job, String tenant, EventPosition position) {
    // The status first: a job that is settled now has its last event among those read next.
    Optional<JobStatus> status = store.status(job, tenant);
    if (status.isEmpty()) {
      return new EventPage(false, false, List.of());
    }
    return new EventPage(
        true, status.get().state().terminal(), results.events(job, position.toString()));
  }
}
