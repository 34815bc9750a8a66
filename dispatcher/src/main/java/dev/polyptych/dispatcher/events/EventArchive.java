package dev.polyptych.dispatcher.events;

import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.JobResults;
import dev.polyptych.store.JobStore;
import java.util.List;
import java.util.Optional;

/** Reads a job's stored events. Blocks. */
public final class EventArchive {
  private final JobStore store;
  private final JobResults results;

  public EventArchive(JobStore store, JobResults results) {
    this.store = store;
    this.results = results;
  }

  /**
   * @param tenant the reader; jobs of other tenants are unknown to it
   * @throws dev.polyptych.store.StoreUnavailableException if the store does not answer
   */
  public EventPage after(String job, String tenant, EventPosition position) {
    // Read the status first: if the job is settled now, the events read next include its last one.
    Optional<JobStatus> status = store.status(job, tenant);
    if (status.isEmpty()) {
      return new EventPage(false, false, List.of());
    }
    return new EventPage(
        true, status.get().state().terminal(), results.events(job, position.toString()));
  }
}
