package dev.polyptych.dispatcher.events;

import dev.polyptych.schema.job.JobEvent;

/**
 * Joins kept and live events of one job for one reader. It keeps no event back: while a page is
 * being fetched or the reader is full, a live event only means that another page is to be fetched,
 * so that a slow reader costs no memory.
 *
 * <p>One thread at a time (the reader's event loop).
 */
public final class EventFollower {
  /** Where a follower's events go; what {@link EventFollower} needs of it. */
  public interface Reader {
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

  private final Reader reader;
  private EventPosition seen;

  /** A page is on its way. */
  private boolean fetching;

  /** Something after {@link #seen} may exist that no page on its way is sure to have. */
  private boolean behind;

  private boolean ended;

  /**
   * @param seen the last event that the reader has already
   */
  public EventFollower(Reader reader, EventPosition seen) {
    this.reader = reader;
    this.seen = seen;
  }

  /** Fetches unless that is under way; also finds events that were lost without notice. */
  public void catchUp() {
    behind = true;
    fetchIfPossible();
  }

  /** The reader can take more again. */
  public void drained() {
    if (behind) {
      fetchIfPossible();
    }
  }

  /** An event came over the subscription. */
  public void live(JobEvent event) {
    if (fetching || behind || ended || reader.full()) {
      catchUp();
    } else {
      deliver(event);
    }
  }

  /** The page that was asked for. */
  public void fetched(EventPage page) {
    fetching = false;
    for (JobEvent event : page.events()) {
      if (ended) {
        return;
      }
      if (reader.full()) {
        behind = true;
        return;
      }
      deliver(event);
    }
    if (page.settled() || !page.known()) {
      end();
    } else if (behind) {
      fetchIfPossible();
    }
  }

  /** The page that was asked for does not come; the next occasion asks again. */
  public void fetchFailed() {
    fetching = false;
    behind = true;
  }

  /** Stops for good, for instance because the connection is gone. */
  public void end() {
    if (!ended) {
      ended = true;
      reader.end();
    }
  }

  private void fetchIfPossible() {
    if (!ended && !fetching && !reader.full()) {
      fetching = true;
      behind = false;
      reader.fetch(seen);
    }
  }

  private void deliver(JobEvent event) {
    EventPosition position = EventPosition.parse(event.eventId()).orElseThrow();
    if (position.compareTo(seen) <= 0) {
      return;
    }
    seen = position;
    reader.deliver(event);
    if (event.state().terminal()) {
      end();
    }
  }
}
