package dev.polyptych.dispatcher.events;

import dev.polyptych.schema.job.JobEvent;
import java.util.List;

/**
 * What the store had for a reader.
 *
 * @param known whether there is such a job
 * @param settled whether the job was settled before the events were read, so that they end it
 * @param events after the reader's position, oldest first
 */
public record EventPage(boolean known, boolean settled, List<JobEvent> events) {
  public EventPage {
    events = List.copyOf(events);
  }
}
