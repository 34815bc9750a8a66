package dev.polyptych.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.job.JobEvent;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventFeedIT {
  private final BlockingQueue<JobEvent> received = new LinkedBlockingQueue<>();
  private final CountDownLatch subscribed = new CountDownLatch(1);
  private RedisConnection redis;

  @BeforeEach
  void open() {
    redis = RedisConnection.open(Backends.redisUri());
  }

  @AfterEach
  void close() {
    redis.close();
  }

  @Test
  void whatIsNoEventIsPassedOver() throws Exception {
    EventFeed feed = new EventFeed(redis, received::add, subscribed::countDown);
    Thread thread = Thread.ofVirtual().start(feed::run);
    assertTrue(subscribed.await(30, TimeUnit.SECONDS));

    redis.call(jedis -> jedis.publish(EventFeed.CHANNEL, "garbage"));
    redis.call(
        jedis ->
            jedis.publish(
                EventFeed.CHANNEL,
                """
                {"job": "j-1", "id": "5-0", "fields": {"at": "1", "state": "queued", "attempt": "0",
                 "step": "0", "steps": "20", "worker": "", "code": "", "detail": ""}}
                """));

    assertEquals("5-0", received.poll(30, TimeUnit.SECONDS).eventId());
    feed.close();
    assertTrue(thread.join(Duration.ofSeconds(30)));
  }

  @Test
  void aFeedClosedBeforeItReceivesEndsAllTheSame() throws Exception {
    EventFeed feed = new EventFeed(redis, received::add, subscribed::countDown);
    feed.close();

    Thread thread = Thread.ofVirtual().start(feed::run);

    assertTrue(thread.join(Duration.ofSeconds(30)));
    assertEquals(1, subscribed.getCount());
  }

  @Test
  void aConnectionThatCarriedTheFeedIsFitForCommandsAgain() throws Exception {
    EventFeed feed = new EventFeed(redis, received::add, subscribed::countDown);
    Thread thread = Thread.ofVirtual().start(feed::run);
    assertTrue(subscribed.await(30, TimeUnit.SECONDS));
    feed.close();
    feed.close();
    assertTrue(thread.join(Duration.ofSeconds(30)));

    assertTrue(redis.answers());
    assertEquals("OK", redis.call(jedis -> jedis.set("feed-it", "1")));
  }
}
