package dev.polyptych.dispatcher.events;

import dev.polyptych.schema.job.JobEvent;

/**
 * Joins stored and live events of one job for one reader. It buffers no event. While it fetches a
 * page or the reader is full, a live event only marks that another page must be fetched. So a slow
 * reader costs no memory.
 *
 * <p>One thread at a time (the reader's event loop).
 */
public final class EventFollower {
  /** The receiver of a follower's events. */
  public interface Reader {
    /** Whether it can't take more now. If so, it calls {@link EventFollower#drained} later. */
    boolean full();

    void deliver(JobEvent event);

    /** No more events follow. */
    void end();

    /**
     * Fetches the page after a position. It passes the page or the failure to the follower, but
     * never before this call returns.
     */
    void fetch(EventPosition after);
  }

  private final Reader reader;
  private EventPosition seen;

  /** A page has been requested and has not arrived. */
  private boolean fetching;

  /** Events after {@link #seen} may exist that the requested page may not contain. */
  private boolean behind;

  private boolean ended;

  /**
   * @param seen the last event that the reader already has
   */
  public EventFollower(Reader reader, EventPosition seen) {
    this.reader = reader;
    this.seen = seen;
  }

  /**
   * Fetches a page unless one is requested already. This also finds events that were lost without
   * notice.
   */
  public void catchUp() {
    behind = true;
    fetchIfPossible();
  }

  /** The reader can take more events again. */
  public void drained() {
    if (behind) {
      fetchIfPossible();
    }
  }

  /** An event arrived over the subscription. */
  public void live(JobEvent event) {
    if (fetching || behind || ended || reader.full()) {
      catchUp();
    } else {
      deliver(event);
    }
  }

  /** The requested page arrived. */
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

  /** The requested page could not be read. The next event or {@link #catchUp} requests it again. */
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
