package dev.polyptych.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisException;

/**
 * All events of all jobs as they happen, over one subscription. The feed stores nothing. A reader
 * that must not miss an event also reads the stream of the job ({@link JobResults#events}).
 */
public final class EventFeed implements AutoCloseable {
  /** The channel; {@code prelude.lua} publishes to it. */
  static final String CHANNEL = "events";

  private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);

  private static final ObjectReader MESSAGES = Json.mapper().readerFor(Message.class);

  private final Subscription subscription;
  private final RedisConnection redis;

  private record Message(
      String job,
      @JsonProperty("id") String eventId,
      Map<String, String> fields,
      Optional<Boolean> callback) {}

  /**
   * @param onSubscribed runs after each subscription, also after a reconnect; earlier events may be
   *     lost
   */
  public EventFeed(RedisConnection redis, Consumer<JobEvent> onEvent, Runnable onSubscribed) {
    this(redis, onEvent, job -> {}, onSubscribed);
  }

  /**
   * Like the other constructor, and also reports callbacks.
   *
   * @param onCallback receives the id of a job that has just settled and owes a callback
   */
  public EventFeed(
      RedisConnection redis,
      Consumer<JobEvent> onEvent,
      Consumer<String> onCallback,
      Runnable onSubscribed) {
    this.redis = redis;
    this.subscription = new Subscription(onEvent, onCallback, onSubscribed);
  }

  /**
   * Receives events until the feed is closed. Blocks, so it needs a dedicated thread.
   *
   * @throws StoreUnavailableException if the connection breaks; call again to continue
   */
  public void run() {
    redis.call(
        jedis -> {
          jedis.subscribe(subscription, CHANNEL);
          return null;
        });
  }

  /** Ends {@link #run}, even if it has not subscribed yet. */
  @Override
  public void close() {
    subscription.closed = true;
    subscription.leave();
  }

  private static final class Subscription extends JedisPubSub {
    private final Consumer<JobEvent> onEvent;
    private final Consumer<String> onCallback;
    private final Runnable onSubscribed;
    private final AtomicBoolean leaving = new AtomicBoolean();
    private volatile boolean closed;

    Subscription(Consumer<JobEvent> onEvent, Consumer<String> onCallback, Runnable onSubscribed) {
      this.onEvent = onEvent;
      this.onCallback = onCallback;
      this.onSubscribed = onSubscribed;
    }

    /**
     * Unsubscribes once only. The next user of the connection would read the answer to a second
     * call.
     */
    void leave() {
      if (isSubscribed() && leaving.compareAndSet(false, true)) {
        try {
          unsubscribe();
        } catch (JedisException disconnected) {
          LOG.debug("left a channel whose connection is gone", disconnected);
        }
      }
    }

    @Override
    public void onSubscribe(String channel, int subscribedChannels) {
      if (closed) {
        leave();
      } else {
        onSubscribed.run();
      }
    }

    @Override
    public void onMessage(String channel, String text) {
      try {
        Message message = MESSAGES.readValue(text);
        onEvent.accept(EventFields.event(message.job(), message.eventId(), message.fields()));
        if (message.callback().orElse(false)) {
          onCallback.accept(message.job());
        }
      } catch (JsonProcessingException | RuntimeException foreign) {
        LOG.warn(
            "ignored a message on channel {} that is no event: {}", channel, foreign.toString());
      }
    }
  }
}
