package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.job.BatchSummary;
import dev.polyptych.schema.json.Json;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One reader of one batch's counts. The batch is read again and again, and an event is sent when
 * its jobs or its settled jobs have become more. Both only grow, so they are the event's id, and a
 * reader that comes back misses nothing that is still true. Runs on the event loop of its request;
 * other threads may call only {@link #finish}.
 */
final class BatchEventStream {
  private static final long EVERY_MILLIS = 1_000;

  /** A large batch is read more rarely, so that a reader costs at most this share of the time. */
  private static final long PAUSE_PER_READ = 20;

  private static final long HEARTBEAT_MILLIS = 15_000;

  private final RoutingContext routing;
  private final String batch;
  private final String tenant;
  private final BatchEvents streams;
  private final Context loop;
  private String seen;
  private long readNanos;
  private long heartbeat = -1;
  private boolean fullAtLastHeartbeat;
  private boolean over;

  /**
   * @param seen id of the last event that the reader has; empty for none
   */
  BatchEventStream(RoutingContext routing, String batch, String seen, BatchEvents streams) {
    this.routing = routing;
    this.batch = batch;
    this.tenant = Gate.tenant(routing).id();
    this.seen = seen;
    this.streams = streams;
    this.loop = routing.vertx().getOrCreateContext();
  }

  void open() {
    response().closeHandler(_ -> end());
    streams.opened(this);
    read();
  }

  /** Ends the answer in good order. */
  void finish() {
    loop.runOnContext(_ -> end());
  }

  private void read() {
    if (over) {
      return;
    }
    readNanos = System.nanoTime();
    streams
        .calls()
        .call(() -> streams.read(tenant, batch))
        .onSuccess(this::found)
        .onFailure(this::failed);
  }

  private void found(Optional<BatchSummary> summary) {
    if (over) {
      return;
    }
    if (summary.isEmpty()) {
      if (!response().headWritten()) {
        Answer.unknownBatch(routing, batch);
      }
      end();
      return;
    }
    tell(summary.get());
  }

  private void tell(BatchSummary now) {
    String id = now.jobs() + "-" + now.counts().settled();
    boolean known = id.equals(seen);
    if (!response().headWritten()) {
      if (now.settled() && known) {
        response().setStatusCode(204).end();
        end();
        return;
      }
      begin();
    }
    if (!known && !response().writeQueueFull()) {
      seen = id;
      write(id, now);
    }
    if (now.settled() && id.equals(seen)) {
      end();
    } else {
      readAgain();
    }
  }

  private void readAgain() {
    long took = (System.nanoTime() - readNanos) / 1_000_000;
    var _ = routing.vertx().setTimer(Math.max(EVERY_MILLIS, PAUSE_PER_READ * took), _ -> read());
  }

  private void write(String id, BatchSummary now) {
    String data = new String(Json.bytes(now), StandardCharsets.UTF_8);
    String event = now.settled() ? "settled" : "progress";
    response().write("id: " + id + "\nevent: " + event + "\ndata: " + data + "\n\n");
    streams.metrics().eventSent();
  }

  private void failed(Throwable failure) {
    if (over) {
      return;
    }
    if (response().headWritten()) {
      readAgain();
    } else {
      Answer.problem(routing, Answer.problem(failure));
      end();
    }
  }

  private void begin() {
    response()
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        // Without it, proxies such as nginx delay events to fill a buffer.
        .putHeader("X-Accel-Buffering", "no")
        .write("retry: 1000\n\n");
    heartbeat = routing.vertx().setPeriodic(HEARTBEAT_MILLIS, _ -> heartbeat());
  }

  private void heartbeat() {
    if (!response().writeQueueFull()) {
      fullAtLastHeartbeat = false;
      response().write(":\n\n");
    } else if (fullAtLastHeartbeat) {
      streams.metrics().streamStalled();
      routing.request().connection().close();
    } else {
      fullAtLastHeartbeat = true;
    }
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    streams.closed(this);
    routing.vertx().cancelTimer(heartbeat);
    if (!response().closed() && !response().ended()) {
      response().end();
    }
  }

  private HttpServerResponse response() {
    return routing.response();
  }
}
