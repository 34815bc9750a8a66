package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.enqueue.Submission;
import dev.polyptych.dispatcher.enqueue.SubmissionIntake;
import dev.polyptych.dispatcher.enqueue.SubmissionOrigin;
import dev.polyptych.dispatcher.http.LineSplitter.BatchLine;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.dispatcher.metrics.TenantMetrics;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Limit;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.BatchVerdict;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.TraceParent;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** {@code POST /v1/jobs:batch}. */
public final class SubmitBatch {
  private static final int MOST_LINES_AT_ONCE = 64;

  private final Admission admission;
  private final SubmissionIntake intake;
  private final BoundedCalls calls;
  private final int limitBytes;
  private final DispatcherMetrics metrics;
  private final TenantMetrics tenantMetrics;
  private final int linesAtOnce;
  private final int most;
  private final Semaphore batches;
  private final HeldBatches held;

  /**
   * @param limitBytes of one line
   * @param concurrentCalls the most lines under way at once, over all batches
   * @param held those that wait for their tenants' rates
   */
  public SubmitBatch(
      Admission admission,
      SubmissionIntake intake,
      BoundedCalls calls,
      int limitBytes,
      int concurrentCalls,
      HeldBatches held,
      DispatcherMetrics metrics,
      TenantMetrics tenantMetrics) {
    this.admission = admission;
    this.intake = intake;
    this.calls = calls;
    this.limitBytes = limitBytes;
    this.metrics = metrics;
    this.tenantMetrics = tenantMetrics;
    this.linesAtOnce = Math.min(MOST_LINES_AT_ONCE, concurrentCalls);
    this.most = concurrentCalls / linesAtOnce;
    this.batches = new Semaphore(most);
    this.held = held;
  }

  public List<ApiOperation> operations() {
    return List.of(new ApiOperation("submitBatch", this::handle));
  }

  private void handle(RoutingContext routing) {
    Optional<Problem> unsupported = JobBody.unsupportedBatch(routing.request());
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
      BatchStream stream = new BatchStream(routing, head, this, linesAtOnce, limitBytes);
      stream.open(
          () -> {
            held.ended(stream);
            batches.release();
          });
    } else {
      refuse(
          routing, Problem.of(ErrorCode.OVERLOADED, "other batches are under way; send it again"));
    }
  }

  private void refuse(RoutingContext routing, Problem problem) {
    metrics.refused(problem.code());
    JobBody.refuseUnread(routing, problem);
  }

  /** Submits a line as a separate submission. Never fails: every problem becomes a verdict. */
  Future<BatchVerdict> submit(BatchHead head, BatchLine line) {
    long startedNanos = System.nanoTime();
    return switch (admission.read(line.bytes())) {
      case Validated.Invalid<JobRequest>(var problems) ->
          Future.succeededFuture(refused(line, Problem.of(problems)));
      case Validated.Valid<JobRequest>(var request) -> {
        SubmissionOrigin origin =
            new SubmissionOrigin(
                head.tenant(), TraceParent.of(head.trace()), Optional.of(head.batch()));
        yield calls
            .call(
                () ->
                    switch (admission.resolve(request, head.tenant().id())) {
                      case Validated.Invalid<RenderJob>(var problems) ->
                          new Submission.Unfit(problems);
                      case Validated.Valid<RenderJob>(var job) ->
                          intake.take(job, origin, head.keyOf(line));
                    })
            .map(submission -> verdict(head, line, submission, startedNanos))
            .otherwise(failure -> refused(line, Answer.problem(failure)));
      }
    };
  }

  /** Whether a batch may wait for its tenant's rate. */
  boolean holds(BatchStream batch) {
    return held.hold(batch, Math.max(1, most / 2));
  }

  /** Counts a verdict that is final. */
  void answered(BatchHead head, BatchVerdict verdict) {
    verdict.problem().ifPresent(problem -> metrics.refused(problem.code()));
    verdict
        .problem()
        .flatMap(Problem::limit)
        .filter(limit -> limit.name() == Limit.SUBMISSIONS_PER_SECOND)
        .ifPresent(rate -> tenantMetrics.limited(head.tenant().id(), rate.name()));
  }

  private static BatchVerdict refused(BatchLine line, Problem problem) {
    return BatchVerdict.refused(line.number(), problem);
  }

  private BatchVerdict verdict(
      BatchHead head, BatchLine line, Submission submission, long startedNanos) {
    return switch (submission) {
      case Submission.Taken(var status) -> {
        metrics.admitted(Duration.ofNanos(System.nanoTime() - startedNanos));
        yield BatchVerdict.accepted(line.number(), status.id());
      }
      case Submission.Replayed(var status) ->
          status
              .context()
              .batch()
              .filter(other -> !other.equals(head.batch()))
              .map(other -> BatchVerdict.elsewhere(line.number(), status.id(), other))
              .orElseGet(() -> BatchVerdict.accepted(line.number(), status.id()));
      case Submission.Unfit(var problems) -> refused(line, Problem.of(problems));
      case Submission.Limited(var limit) -> refused(line, Problem.of(limit));
      case Submission.Refused refused -> refused(line, refused.problem());
      case Submission.IdTaken(String id) ->
          refused(line, Problem.of(ErrorCode.INTERNAL_ERROR, "the id " + id + " is taken"));
    };
  }
}
