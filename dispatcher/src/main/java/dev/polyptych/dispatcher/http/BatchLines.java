package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.admission.AdmittedJob;
import dev.polyptych.dispatcher.enqueue.Intake;
import dev.polyptych.dispatcher.enqueue.Submission;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.BatchVerdict;
import dev.polyptych.schema.topic.TraceParent;
import io.vertx.core.Future;
import java.time.Duration;

/** Submits the lines of batches, each as a submission of its own. */
final class BatchLines {
  private final Admission admission;
  private final Intake intake;
  private final LoopCalls calls;
  private final DispatcherMetrics metrics;

  BatchLines(Admission admission, Intake intake, LoopCalls calls, DispatcherMetrics metrics) {
    this.admission = admission;
    this.intake = intake;
    this.calls = calls;
    this.metrics = metrics;
  }

  /** Never fails: whatever goes wrong is the line's verdict. */
  Future<BatchVerdict> submit(BatchHead head, BatchLine line) {
    long startedNanos = System.nanoTime();
    return switch (admission.admit(line.bytes())) {
      case Validated.Invalid<AdmittedJob>(var problems) ->
          Future.succeededFuture(refused(line, Problem.of(problems)));
      case Validated.Valid<AdmittedJob>(var admitted) -> {
        var key = head.keyOf(line).map(text -> Callers.key(head.tenant(), text, line.bytes()));
        TraceParent trace = TraceParent.of(head.trace());
        AdmittedJob job = admitted.inBatch(head.batch());
        yield calls
            .call(() -> intake.take(job, key, head.tenant(), trace))
            .map(submission -> verdict(line, submission, startedNanos))
            .otherwise(failure -> refused(line, Answer.problem(failure)));
      }
    };
  }

  BatchVerdict refused(BatchLine line, Problem problem) {
    metrics.refused(problem.code());
    return BatchVerdict.refused(line.number(), problem);
  }

  private BatchVerdict verdict(BatchLine line, Submission submission, long startedNanos) {
    return switch (submission) {
      case Submission.Taken(var status) -> {
        metrics.admitted(Duration.ofNanos(System.nanoTime() - startedNanos));
        yield BatchVerdict.accepted(line.number(), status.id());
      }
      case Submission.Replayed(var status) -> BatchVerdict.accepted(line.number(), status.id());
      case Submission.Unfit(var problems) -> refused(line, Problem.of(problems));
      case Submission.Limited(var limit) -> refused(line, Problem.of(limit));
      case Submission.Refused refused -> refused(line, Callers.problem(refused));
      case Submission.IdTaken(String id) ->
          refused(line, Problem.of(ErrorCode.INTERNAL_ERROR, "the id " + id + " is taken"));
    };
  }
}
