package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.admission.AdmittedJob;
import dev.polyptych.dispatcher.enqueue.Intake;
import dev.polyptych.dispatcher.enqueue.Submission;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.schema.error.Checked;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.JobStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/jobs}. */
final class SubmitJob implements OperationHandler {
  private static final Logger LOG = LoggerFactory.getLogger(SubmitJob.class);

  private final JobBody body;
  private final Admission admission;
  private final Intake intake;
  private final LoopCalls calls;
  private final DispatcherMetrics metrics;

  SubmitJob(
      JobBody body,
      Admission admission,
      Intake intake,
      LoopCalls calls,
      DispatcherMetrics metrics) {
    this.body = body;
    this.admission = admission;
    this.intake = intake;
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
    Optional<Problem> unsupported = JobBody.unsupported(routing.request());
    if (unsupported.isPresent()) {
      refuseUnread(routing, unsupported.get());
      return;
    }
    switch (SubmitHead.read(routing.request())) {
      case Checked.Invalid<SubmitHead>(var problems) ->
          refuseUnread(routing, Problem.of(problems));
      case Checked.Valid<SubmitHead>(var head) ->
          body.read(routing.request())
              .onSuccess(bytes -> submit(routing, head, bytes, startedNanos))
              .onFailure(failure -> unread(routing, failure));
    }
  }

  private void submit(RoutingContext routing, SubmitHead head, byte[] bytes, long startedNanos) {
    switch (admission.admit(bytes)) {
      case Checked.Invalid<AdmittedJob>(var problems) -> refuse(routing, Problem.of(problems));
      case Checked.Valid<AdmittedJob>(var admitted) -> {
        var key = head.idempotencyKey().map(text -> Callers.key(text, bytes));
        calls
            .call(() -> intake.take(admitted, key, Callers.TENANT, head.trace()))
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
        accepted(routing, status);
      }
      case Submission.Replayed(JobStatus status) -> {
        routing.response().putHeader("Idempotent-Replayed", "true");
        accepted(routing, status);
      }
      case Submission.Refused refused -> refuse(routing, Callers.problem(refused));
      case Submission.IdTaken(String id) ->
          throw new IllegalStateException("the id " + id + " is taken");
    }
  }

  private static void accepted(RoutingContext routing, JobStatus status) {
    routing.response().putHeader(HttpHeaders.LOCATION, "/v1/jobs/" + status.id());
    Answer.json(routing, 202, status);
  }

  private void unread(RoutingContext routing, Throwable failure) {
    if (failure instanceof OversizedBodyException oversized) {
      refuse(routing, Problem.of(List.of(OversizedBody.problem(oversized.beginning()))));
      JobBody.closeAfterRest(routing.vertx(), routing.request());
    }
    // Otherwise the caller is gone: there is nobody to answer.
  }

  private void refuseUnread(RoutingContext routing, Problem problem) {
    refuse(routing, problem);
    JobBody.closeAfterRest(routing.vertx(), routing.request());
    routing.request().resume();
  }

  private void refuse(RoutingContext routing, Problem problem) {
    metrics.refused(problem.code());
    Answer.problem(routing, problem);
  }
}
