package dev.polyptych.dispatcher.events;

import dev.polyptych.schema.job.JobEvent;

/** Where a follower's events go; what {@link EventFollower} needs of it. */
public interface EventReader {
  /** Whether it can't take more now; it then tells the follower when it can again. */
  boolean full();

  void deliver(JobEvent event);

  /** Nothing comes any more. */
  void end();

  /**
   * Fetches the page after a position and gives it to the follower, or tells it that it failed;
   * never before this call returns.
   */
  void fetch(EventPosition after);
}
