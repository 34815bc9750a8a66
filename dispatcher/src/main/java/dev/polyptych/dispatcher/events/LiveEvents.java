package dev.polyptych.dispatcher.events;

import dev.polyptych.store.EventFeed;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.StoreUnavailableException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the process's only subscription alive, on its own virtual thread. */
public final class LiveEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveEvents.class);
  private static final long FIRST_BACK_OFF_MILLIS = 100;
  private static final long LONGEST_BACK_OFF_MILLIS = 5_000;

  private final EventHub hub;
  private final EventFeed feed;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile long backOffMillis = FIRST_BACK_OFF_MILLIS;

  /** Whether the log has this interruption. */
  private volatile boolean told;

  /**
   * @param onCallback receives the id of a job that has just settled and owes a callback
   */
  public LiveEvents(RedisConnection redis, EventHub hub, Consumer<String> onCallback) {
    this.hub = hub;
    this.feed = new EventFeed(redis, hub::publish, onCallback, this::subscribed);
  }

  public LiveEvents start() {
    Thread.ofVirtual().name("live-events").start(this::run);
    return this;
  }

  @Override
  public void close() {
    closed.countDown();
    feed.close();
  }

  private void subscribed() {
    backOffMillis = FIRST_BACK_OFF_MILLIS;
    told = false;
    hub.resubscribed();
  }

  private void run() {
    try {
      do {
        receive();
      } while (!closed.await(nextBackOff(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void receive() {
    try {
      feed.run();
    } catch (StoreUnavailableException away) {
      if (closed.getCount() > 0 && !told) {
        LOG.warn("live events broke off: {}", away.getMessage());
        told = true;
      }
    }
  }

  private long nextBackOff() {
    long wait = backOffMillis;
    backOffMillis = Math.min(2 * wait, LONGEST_BACK_OFF_MILLIS);
    return wait;
  }
}
