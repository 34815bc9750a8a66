package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.error.Validated;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** {@code POST /v1/jobs:batch}. */
final class SubmitBatch implements OperationHandler {
  private static final String PATH = "/v1/jobs:batch";
  private static final int MOST_LINES_AT_ONCE = 64;

  private final BatchLines lines;
  private final int limitBytes;
  private final DispatcherMetrics metrics;
  private final int linesAtOnce;
  private final Semaphore batches;

  /**
   * @param limitBytes of one line
   * @param concurrentCalls shared by all batches: so many lines are under way at once at most
   */
  SubmitBatch(BatchLines lines, int limitBytes, int concurrentCalls, DispatcherMetrics metrics) {
    this.lines = lines;
    this.limitBytes = limitBytes;
    this.metrics = metrics;
    this.linesAtOnce = Math.min(MOST_LINES_AT_ONCE, concurrentCalls);
    this.batches = new Semaphore(concurrentCalls / linesAtOnce);
  }

  @Override
  public String operationId() {
    return "submitBatch";
  }

  @Override
  public void handle(RoutingContext routing) {
    // The router takes ":batch" for the name of a parameter and so finds other paths, too.
    if (!routing.normalizedPath().equals(PATH)) {
      Answer.problem(routing, ErrorCode.UNKNOWN_PATH, "did you mean " + PATH + "?");
      return;
    }
    Optional<Problem> unsupported = JobBody.unsupported(routing.request(), BatchStream.NDJSON);
    if (unsupported.isPresent()) {
      refuse(routing, unsupported.get());
      return;
    }
    switch (BatchHead.read(routing)) {
      case Validated.Invalid<BatchHead>(var problems) -> refuse(routing, Problem.of(problems));
      case Validated.Valid<BatchHead>(var head) -> open(routing, head);
    }
  }

  private void open(RoutingContext routing, BatchHead head) {
    if (batches.tryAcquire()) {
      new BatchStream(routing, head, lines, linesAtOnce, limitBytes).open(batches::release);
    } else {
      refuse(
          routing, Problem.of(ErrorCode.OVERLOADED, "other batches are under way; send it again"));
    }
  }

  private void refuse(RoutingContext routing, Problem problem) {
    metrics.refused(problem.code());
    JobBody.refuseUnread(routing, problem);
  }
}
