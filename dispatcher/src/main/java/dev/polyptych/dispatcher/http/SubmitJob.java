package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.admission.AdmittedJob;
import dev.polyptych.dispatcher.enqueue.JobQueue;
import dev.polyptych.dispatcher.enqueue.Submission;
import dev.polyptych.dispatcher.enqueue.TraceParent;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.schema.error.Checked;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.JobStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/jobs}. */
final class SubmitJob implements OperationHandler {
  private static final Logger LOG = LoggerFactory.getLogger(SubmitJob.class);

  /** All callers are one tenant as long as callers are not told apart. */
  private static final String TENANT = "default";

  private final JobBody body;
  private final Admission admission;
  private final JobQueue queue;
  private final LoopCalls calls;
  private final DispatcherMetrics metrics;

  SubmitJob(
      JobBody body,
      Admission admission,
      JobQueue queue,
      LoopCalls calls,
      DispatcherMetrics metrics) {
    this.body = body;
    this.admission = admission;
    this.queue = queue;
    this.calls = calls;
    this.metrics = metrics;
  }

  @Override
  public String operationId() {
    return "submitJob";
  }

  @Override
  public void handle(RoutingContext routing) {
    long startedNanos = System.nanoTime();
    JobBody.unsupported(routing.request())
        .ifPresentOrElse(
            problem -> {
              refuse(routing, problem);
              JobBody.closeAfterRest(routing.vertx(), routing.request());
              routing.request().resume();
            },
            () ->
                body.read(routing.request())
                    .onSuccess(bytes -> submit(routing, bytes, startedNanos))
                    .onFailure(failure -> unread(routing, failure)));
  }

  private void submit(RoutingContext routing, byte[] bytes, long startedNanos) {
    switch (admission.admit(bytes)) {
      case Checked.Invalid<AdmittedJob>(var problems) -> refuse(routing, Problem.of(problems));
      case Checked.Valid<AdmittedJob>(var admitted) -> {
        TraceParent trace = TraceParent.of(routing.request().getHeader("traceparent"));
        calls
            .call(() -> queue.submit(admitted, TENANT, trace))
            .onSuccess(submission -> answer(routing, submission, startedNanos))
            .onFailure(failure -> refuse(routing, Answer.problem(failure)));
      }
    }
  }

  private void answer(RoutingContext routing, Submission submission, long startedNanos) {
    switch (submission) {
      case Submission.Taken(JobStatus status) -> {
        metrics.admitted(Duration.ofNanos(System.nanoTime() - startedNanos));
        LOG.info("job {} taken: {} on {}", status.id(), status.task(), status.lane().text());
        routing.response().putHeader(HttpHeaders.LOCATION, "/v1/jobs/" + status.id());
        Answer.json(routing, 202, status);
      }
      case Submission.Unfit(var problems) -> refuse(routing, Problem.of(problems));
      case Submission.Refused(var code, var detail) -> refuse(routing, Problem.of(code, detail));
    }
  }

  private void unread(RoutingContext routing, Throwable failure) {
    if (failure instanceof OversizedBodyException oversized) {
      refuse(routing, Problem.of(List.of(OversizedBody.problem(oversized.beginning()))));
      JobBody.closeAfterRest(routing.vertx(), routing.request());
    }
    // Otherwise the caller is gone: there is nobody to answer.
  }

  private void refuse(RoutingContext routing, Problem problem) {
    metrics.refused(problem.code());
    Answer.problem(routing, problem);
  }
}
