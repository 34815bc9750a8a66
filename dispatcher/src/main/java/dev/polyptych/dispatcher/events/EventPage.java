package dev.polyptych.dispatcher.events;

import dev.polyptych.schema.job.JobEvent;
import java.util.List;

/**
 * The stored events for a reader.
 *
 * @param known whether the job exists
 * @param settled whether the job had settled before the events were read, so that they include its
 *     last one
 * @param events after the reader's position, oldest first
 */
public record EventPage(boolean known, boolean settled, List<JobEvent> events) {
  public EventPage {
    events = List.copyOf(events);
  }
}
