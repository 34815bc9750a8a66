package dev.polyptych.dispatcher.events;

import dev.polyptych.schema.job.JobEvent;

/** Receives the events of one job. Called on the feed's thread; must return at once. */
public interface EventListener {
  void live(JobEvent event);

  /** Events may have been missed since the last call. */
  void resubscribed();
}
