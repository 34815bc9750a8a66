package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.http.LineSplitter.BatchLine;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Limit;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.BatchTally;
import dev.polyptych.schema.job.BatchVerdict;
import dev.polyptych.schema.json.Json;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * One batch, from its body to its answer. It holds one chunk of the body and the lines under way.
 * It requests the next chunk when all lines of the last chunk have begun. A line whose verdict the
 * caller has not read keeps its place. While all places are taken, no line begins. A line that
 * comes faster than its tenant may submit is tried again when it may, and no other line begins
 * until then. So the caller is slowed down, not refused. Runs on the event loop of its request.
 */
final class BatchStream {
  static final String NDJSON = "application/x-ndjson";

  private static final int MOST_LINES = 10_000;

  /** Parts of a body without a line, after which other requests get their turn. */
  private static final int PARTS_IN_A_ROW = 32;

  private final RoutingContext routing;
  private final BatchHead head;
  private final SubmitBatch lines;
  private final int places;
  private final BatchBody body;
  private final Deque<BatchLine> waiting = new ArrayDeque<>();
  private final Deque<Future<BatchVerdict>> underWay = new ArrayDeque<>();
  private final Deque<Held> held = new ArrayDeque<>();
  private final RateHold hold = new RateHold(System.nanoTime());
  private final int limitBytes;
  private final Context context;
  private Runnable onEnd = () -> {};
  private boolean fetching;
  private boolean received;
  private boolean ended;
  private boolean closed;
  private boolean gone;
  private boolean trying;
  private int accepted;
  private int refused;
  private int elsewhere;

  /**
   * A line that its tenant's rate holds back.
   *
   * @param limited what it is answered with if it can't wait
   */
  private record Held(BatchLine line, BatchVerdict limited, Promise<BatchVerdict> verdict) {}

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
    this.context = routing.vertx().getOrCreateContext();
    this.body = new BatchBody(head.packed(), limitBytes, waiting::add);
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
      body.feed(chunk.getBytes());
      advance();
    }
  }

  private void bodyEnded() {
    received = true;
    fetching = false;
    advance();
  }

  /** No further line begins. The lines under way finish; those that are held back do not begin. */
  private void stop() {
    gone = true;
    ended = true;
    waiting.clear();
    refuseAllHeld();
    advance();
  }

  private void advance() {
    int parts = 0;
    boolean moved = true;
    while (moved) {
      moved = answerNext() || beginNext();
      if (!moved && !ended && waiting.isEmpty() && !fetching) {
        if (parts == PARTS_IN_A_ROW) {
          routing.vertx().runOnContext(_ -> advance());
          return;
        }
        parts++;
        moved = readOn();
      }
    }
    if (ended && waiting.isEmpty() && underWay.isEmpty()) {
      close();
    }
  }

  /** Reads lines from what the caller has sent. Asks for the next chunk if there is nothing. */
  private boolean readOn() {
    return switch (body.read()) {
      case BatchBody.Part.Lines() -> true;
      case BatchBody.Part.Starved() -> starved();
      case BatchBody.Part.Broken(var problem) -> {
        end(problem);
        yield true;
      }
    };
  }

  /** Whether the body has ended. Otherwise the next chunk is on its way. */
  private boolean starved() {
    if (received) {
      ended = true;
      body.end().ifPresent(this::end);
    } else {
      fetching = true;
      routing.request().fetch(1);
    }
    return received;
  }

  /** Nothing more can be read. The line that was begun is refused. */
  private void end(Problem problem) {
    ended = true;
    underWay.add(Future.succeededFuture(BatchVerdict.refused(body.line(), problem)));
  }

  private boolean answerNext() {
    boolean unread = response().closed();
    if (underWay.isEmpty()
        || !underWay.peek().isComplete()
        || (response().writeQueueFull() && !unread)) {
      return false;
    }
    BatchVerdict verdict = underWay.poll().result();
    lines.answered(head, verdict);
    elsewhere += verdict.batch().isPresent() ? 1 : 0;
    if (verdict.problem().isEmpty()) {
      accepted++;
    } else {
      refused++;
    }
    write(verdict);
    return true;
  }

  private boolean beginNext() {
    if (waiting.isEmpty() || underWay.size() >= places || !held.isEmpty() || trying) {
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
        : lines.submit(head, line).compose(verdict -> heldOr(line, verdict));
  }

  private static Future<BatchVerdict> tooLarge(BatchLine line, String detail) {
    return Future.succeededFuture(
        BatchVerdict.refused(line.number(), Problem.of(ErrorCode.BODY_TOO_LARGE, detail)));
  }

  /** The verdict, or a later one if the line can wait for its tenant's rate. */
  private Future<BatchVerdict> heldOr(BatchLine line, BatchVerdict verdict) {
    Optional<Duration> wait = waitOf(verdict);
    if (wait.isEmpty()) {
      hold.answered(System.nanoTime());
      return Future.succeededFuture(verdict);
    }
    Held back = new Held(line, verdict, Promise.promise());
    held.add(back);
    tryAfter(wait.get());
    return back.verdict().future();
  }

  /** How long the line waits before it is tried again; empty if the verdict stands. */
  private Optional<Duration> waitOf(BatchVerdict verdict) {
    return verdict
        .problem()
        .flatMap(Problem::limit)
        .filter(limit -> limit.name() == Limit.SUBMISSIONS_PER_SECOND && !gone)
        .flatMap(rate -> hold.wait(rate, System.nanoTime()))
        .filter(_ -> lines.holds(this));
  }

  /** One line at a time is tried, the first that was held back. */
  private void tryAfter(Duration wait) {
    if (!trying) {
      trying = true;
      var _ = routing.vertx().setTimer(Math.max(1, wait.toMillis()), _ -> tryHeld());
    }
  }

  private void tryHeld() {
    Held first = held.poll();
    if (first == null) {
      trying = false;
      advance();
      return;
    }
    lines
        .submit(head, first.line())
        .onSuccess(
            verdict -> {
              Optional<Duration> wait = waitOf(verdict);
              if (wait.isPresent()) {
                held.addFirst(new Held(first.line(), verdict, first.verdict()));
                trying = false;
                tryAfter(wait.get());
              } else {
                hold.answered(System.nanoTime());
                first.verdict().complete(verdict);
                tryHeld();
              }
            });
  }

  /** Any thread may call it. */
  void refuseHeld() {
    context.runOnContext(_ -> refuseAllHeld());
  }

  private void refuseAllHeld() {
    for (Held next = held.poll(); next != null; next = held.poll()) {
      next.verdict().complete(next.limited());
    }
  }

  private void close() {
    if (closed) {
      return;
    }
    closed = true;
    body.close();
    onEnd.run();
    if (!response().closed()) {
      write(BatchTally.closing(head.batch(), accepted, refused, elsewhere));
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
