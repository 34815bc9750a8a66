package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.admission.AdmittedJob;
import dev.polyptych.dispatcher.enqueue.Intake;
import dev.polyptych.dispatcher.enqueue.Submission;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.IdempotencyKey;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enqueues admitted jobs one by one and answers what came of it. */
final class Submitter {
  private static final Logger LOG = LoggerFactory.getLogger(Submitter.class);

  private final Intake intake;
  private final LoopCalls calls;
  private final SettleWaits waits;
  private final DispatcherMetrics metrics;

  Submitter(Intake intake, LoopCalls calls, SettleWaits waits, DispatcherMetrics metrics) {
    this.intake = intake;
    this.calls = calls;
    this.waits = waits;
    this.metrics = metrics;
  }

  void submit(
      RoutingContext routing,
      SubmitHead head,
      AdmittedJob admitted,
      Optional<IdempotencyKey> key,
      long startedNanos) {
    Tenant tenant = Callers.tenant(routing);
    calls
        .call(() -> intake.take(admitted, key, tenant, head.trace()))
        .onSuccess(submission -> answer(routing, head, submission, startedNanos))
        .onFailure(failure -> refuse(routing, Answer.problem(failure)));
  }

  void refuse(RoutingContext routing, Problem problem) {
    metrics.refused(problem.code());
    Answer.problem(routing, problem);
  }

  /** Without having read the body, or all of it. */
  void refuseUnread(RoutingContext routing, Problem problem) {
    metrics.refused(problem.code());
    JobBody.refuseUnread(routing, problem);
  }

  private void answer(
      RoutingContext routing, SubmitHead head, Submission submission, long startedNanos) {
    switch (submission) {
      case Submission.Taken(JobStatus status) -> {
        metrics.admitted(Duration.ofNanos(System.nanoTime() - startedNanos));
        LOG.atInfo()
            .addKeyValue("job", status.id())
            .addKeyValue("trace", head.trace().traceId())
            .addKeyValue("task", status.task())
            .addKeyValue("lane", status.lane().text())
            .addKeyValue("tenant", status.tenant())
            .log("taken");
        accepted(routing, head, status);
      }
      case Submission.Replayed(JobStatus status) -> {
        routing.response().putHeader("Idempotent-Replayed", "true");
        accepted(routing, head, status);
      }
      case Submission.Unfit(var problems) -> refuse(routing, Problem.of(problems));
      case Submission.Limited(var limit) -> refuse(routing, Problem.of(limit));
      case Submission.Refused refused -> refuse(routing, Callers.problem(refused));
      case Submission.IdTaken(String id) ->
          throw new IllegalStateException("the id " + id + " is taken");
    }
  }

  private void accepted(RoutingContext routing, SubmitHead head, JobStatus status) {
    routing.response().putHeader(HttpHeaders.LOCATION, "/v1/jobs/" + status.id());
    if (head.waitSeconds().isEmpty()) {
      Answer.json(routing, 202, status);
      return;
    }
    int seconds = head.waitSeconds().getAsInt();
    routing.response().putHeader("Preference-Applied", "wait=" + seconds);
    waits
        .settled(routing, status, seconds)
        .onSuccess(latest -> Answer.json(routing, latest.state().terminal() ? 200 : 202, latest));
  }
}
