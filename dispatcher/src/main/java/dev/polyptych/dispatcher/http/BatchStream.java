package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.http.LineSplitter.BatchLine;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.BatchTally;
import dev.polyptych.schema.job.BatchVerdict;
import dev.polyptych.schema.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One batch, from its body to its answer. It holds one chunk of the body and the lines under way.
 * It requests the next chunk when all lines of the last chunk have begun. A line whose verdict the
 * caller has not read keeps its place. While all places are taken, no line begins. Runs on the
 * event loop of its request.
 */
final class BatchStream {
  static final String NDJSON = "application/x-ndjson";

  private static final int MOST_LINES = 10_000;

  private final RoutingContext routing;
  private final BatchHead head;
  private final SubmitBatch lines;
  private final int places;
  private final LineSplitter splitter;
  private final Deque<BatchLine> waiting = new ArrayDeque<>();
  private final Deque<Future<BatchVerdict>> underWay = new ArrayDeque<>();
  private final int limitBytes;
  private Runnable onEnd = () -> {};
  private boolean fetching;
  private boolean ended;
  private boolean closed;
  private int accepted;
  private int refused;

  /**
   * @param places how many lines may be under way at once
   * @param limitBytes the largest size of one line
   */
  BatchStream(
      RoutingContext routing, BatchHead head, SubmitBatch lines, int places, int limitBytes) {
    this.routing = routing;
    this.head = head;
    this.lines = lines;
    this.places = places;
    this.limitBytes = limitBytes;
    this.splitter = new LineSplitter(limitBytes, waiting::add);
  }

  /**
   * @param onEnd runs once, when no line is under way and no line follows
   */
  void open(Runnable onEnd) {
    this.onEnd = onEnd;
    HttpServerRequest request = routing.request();
    request.pause();
    request.handler(this::chunk);
    request.endHandler(over -> bodyEnded());
    request.exceptionHandler(gone -> stop());
    response().closeHandler(gone -> stop());
    response().drainHandler(room -> advance());
    response().setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, NDJSON);
    write(BatchTally.opening(head.batch()));
    advance();
  }

  private void chunk(Buffer chunk) {
    fetching = false;
    if (!ended) {
      splitter.feed(chunk.getBytes());
      advance();
    }
  }

  private void bodyEnded() {
    if (!ended) {
      splitter.end();
      ended = true;
      advance();
    }
  }

  /** No further line begins. The lines under way finish. */
  private void stop() {
    ended = true;
    waiting.clear();
    advance();
  }

  private void advance() {
    boolean moved = true;
    while (moved) {
      moved = answerNext() || beginNext();
    }
    if (ended && waiting.isEmpty() && underWay.isEmpty()) {
      close();
    } else if (!ended && waiting.isEmpty() && !fetching) {
      fetching = true;
      routing.request().fetch(1);
    }
  }

  private boolean answerNext() {
    boolean gone = response().closed();
    if (underWay.isEmpty()
        || !underWay.peek().isComplete()
        || (response().writeQueueFull() && !gone)) {
      return false;
    }
    BatchVerdict verdict = underWay.poll().result();
    if (verdict.problem().isEmpty()) {
      accepted++;
    } else {
      refused++;
    }
    write(verdict);
    return true;
  }

  private boolean beginNext() {
    if (waiting.isEmpty() || underWay.size() >= places) {
      return false;
    }
    Future<BatchVerdict> verdict = begin(waiting.poll());
    underWay.add(verdict);
    if (!verdict.isComplete()) {
      verdict.onComplete(known -> advance());
    }
    return true;
  }

  private Future<BatchVerdict> begin(BatchLine line) {
    if (accepted + refused + underWay.size() >= MOST_LINES) {
      waiting.clear();
      ended = true;
      return tooLarge(
          line,
          "a batch may have "
              + MOST_LINES
              + " lines; send the rest, from this line on, as another batch");
    }
    return line.tooLong()
        ? tooLarge(line, "a line may have " + limitBytes + " bytes; shorten it")
        : lines.submit(head, line);
  }

  private Future<BatchVerdict> tooLarge(BatchLine line, String detail) {
    return Future.succeededFuture(
        lines.refused(line, Problem.of(ErrorCode.BODY_TOO_LARGE, detail)));
  }

  private void close() {
    if (closed) {
      return;
    }
    closed = true;
    onEnd.run();
    if (!response().closed()) {
      write(BatchTally.closing(head.batch(), accepted, refused));
      response().end();
      JobBody.closeAfterRest(routing.vertx(), routing.request());
      routing.request().resume();
    }
  }

  private void write(Object line) {
    if (!response().closed()) {
      response().write(Buffer.buffer(Json.bytes(line)).appendByte((byte) '\n'));
    }
  }

  private HttpServerResponse response() {
    return routing.response();
  }
}
