package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.events.EventFollower;
import dev.polyptych.dispatcher.events.EventListener;
import dev.polyptych.dispatcher.events.EventPage;
import dev.polyptych.dispatcher.events.EventPosition;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.json.Json;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One reader of one job's events. Runs on the event loop of its request. Other threads may call
 * only {@link #live}, {@link #resubscribed} and {@link #finish}, which switch to that event loop.
 */
final class EventStream implements EventFollower.Reader, EventListener {
  private static final long HEARTBEAT_MILLIS = 15_000;

  /** Retries are spread at random, because all streams fail together if the store fails. */
  private static final int LONGEST_RETRY_MILLIS = 1_000;

  private final RoutingContext routing;
  private final String job;
  private final String tenant;
  private final EventStreams streams;
  private final Context loop;
  private final EventFollower follower;
  private long heartbeat = -1;
  private boolean fullAtLastHeartbeat;

  EventStream(RoutingContext routing, EventPosition seen, EventStreams streams) {
    this.routing = routing;
    this.job = routing.pathParam("id");
    this.tenant = Gate.tenant(routing).id();
    this.streams = streams;
    this.loop = routing.vertx().getOrCreateContext();
    this.follower = new EventFollower(this, seen);
  }

  String job() {
    return job;
  }

  /** Begins to listen, then reads the stored events. Sends the answer's head after that read. */
  void open() {
    response().closeHandler(gone -> follower.end());
    streams.opened(this);
    follower.catchUp();
  }

  @Override
  public void live(JobEvent event) {
    loop.runOnContext(here -> follower.live(event));
  }

  @Override
  public void resubscribed() {
    loop.runOnContext(here -> follower.catchUp());
  }

  /** Ends the answer in good order. */
  void finish() {
    loop.runOnContext(here -> follower.end());
  }

  @Override
  public boolean full() {
    return response().writeQueueFull();
  }

  @Override
  public void fetch(EventPosition after) {
    streams
        .calls()
        .call(() -> streams.archive().after(job, tenant, after))
        .onSuccess(this::fetched)
        .onFailure(this::fetchFailed);
  }

  @Override
  public void deliver(JobEvent event) {
    String data = new String(Json.bytes(event), StandardCharsets.UTF_8);
    response()
        .write(
            "id: "
                + event.eventId()
                + "\nevent: "
                + event.state().text()
                + "\ndata: "
                + data
                + "\n\n");
    streams.metrics().eventSent();
  }

  @Override
  public void end() {
    streams.closed(this);
    routing.vertx().cancelTimer(heartbeat);
    if (!response().closed() && !response().ended()) {
      response().end();
    }
  }

  private void fetched(EventPage page) {
    if (response().closed() || response().ended()) {
      return;
    }
    if (!response().headWritten()) {
      if (!page.known()) {
        Answer.unknownJob(routing, job);
      } else if (page.settled() && page.events().isEmpty()) {
        response().setStatusCode(204).end();
      } else {
        begin();
      }
    }
    follower.fetched(page);
  }

  private void fetchFailed(Throwable failure) {
    if (response().closed() || response().ended()) {
      return;
    }
    if (!response().headWritten()) {
      Answer.problem(routing, Answer.problem(failure));
      follower.end();
      return;
    }
    follower.fetchFailed();
    routing
        .vertx()
        .setTimer(
            ThreadLocalRandom.current().nextInt(1, LONGEST_RETRY_MILLIS),
            again -> follower.catchUp());
  }

  private void begin() {
    response()
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        // Without it, proxies such as nginx delay events to fill a buffer.
        .putHeader("X-Accel-Buffering", "no")
        .drainHandler(room -> follower.drained())
        // Sent even if no event is due, so that the reader gets the head at once.
        .write("retry: 1000\n\n");
    heartbeat = routing.vertx().setPeriodic(HEARTBEAT_MILLIS, beat -> heartbeat());
  }

  private void heartbeat() {
    if (!full()) {
      fullAtLastHeartbeat = false;
      response().write(":\n\n");
      // Also finds events that a silently dead subscription missed.
      follower.catchUp();
    } else if (fullAtLastHeartbeat) {
      streams.metrics().streamStalled();
      routing.request().connection().close();
    } else {
      fullAtLastHeartbeat = true;
    }
  }

  private HttpServerResponse response() {
    return routing.response();
  }
}
