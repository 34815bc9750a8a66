package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.enqueue.Submission;
import dev.polyptych.dispatcher.enqueue.SubmissionIntake;
import dev.polyptych.dispatcher.enqueue.SubmissionOrigin;
import dev.polyptych.dispatcher.estimate.Estimates;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.job.ResolvedJob;
import dev.polyptych.store.IdempotencyKey;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/jobs}: from the head of the request to the answer. */
public final class SubmitJob {
  private static final Logger LOG = LoggerFactory.getLogger(SubmitJob.class);

  private final JobBody body;
  private final Admission admission;
  private final SubmissionIntake intake;
  private final BoundedCalls calls;
  private final Estimates estimates;
  private final SettleWaits waits;
  private final DispatcherMetrics metrics;

  public SubmitJob(
      JobBody body,
      Admission admission,
      SubmissionIntake intake,
      BoundedCalls calls,
      Estimates estimates,
      SettleWaits waits,
      DispatcherMetrics metrics) {
    this.body = body;
    this.admission = admission;
    this.intake = intake;
    this.calls = calls;
    this.estimates = estimates;
    this.waits = waits;
    this.metrics = metrics;
  }

  public List<ApiOperation> operations() {
    return List.of(new ApiOperation("submitJob", this::handle));
  }

  private void handle(RoutingContext routing) {
    long startedNanos = System.nanoTime();
    Optional<Problem> unsupported = JobBody.unsupported(routing.request());
    if (unsupported.isPresent()) {
      refuseUnread(routing, unsupported.get());
      return;
    }
    switch (SubmitHead.read(routing.request())) {
      case Validated.Invalid<SubmitHead>(var problems) ->
          refuseUnread(routing, Problem.of(problems));
      case Validated.Valid<SubmitHead>(var head) ->
          body.read(routing.request())
              .onSuccess(bytes -> admit(routing, head, bytes, startedNanos))
              .onFailure(failure -> unread(routing, failure));
    }
  }

  private void admit(RoutingContext routing, SubmitHead head, byte[] bytes, long startedNanos) {
    switch (admission.admit(bytes)) {
      case Validated.Invalid<RenderJob>(var problems) -> refuse(routing, Problem.of(problems));
      case Validated.Valid<RenderJob>(var job) -> {
        if (head.dryRun()) {
          Answer.json(routing, 200, ResolvedJob.of(job, estimates.ifSubmitted(job).ifKnown()));
        } else {
          submit(routing, head, job, bytes, startedNanos);
        }
      }
    }
  }

  private void submit(
      RoutingContext routing, SubmitHead head, RenderJob job, byte[] bytes, long startedNanos) {
    Tenant tenant = Gate.tenant(routing);
    var key = head.idempotencyKey().map(text -> IdempotencyKey.of(tenant.id(), text, bytes));
    SubmissionOrigin origin = new SubmissionOrigin(tenant, head.trace(), Optional.empty());
    calls
        .call(() -> intake.take(job, origin, key))
        .onSuccess(submission -> answer(routing, head, submission, startedNanos))
        .onFailure(failure -> refuse(routing, Answer.problem(failure)));
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
      case Submission.Refused refused -> refuse(routing, refused.problem());
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

  private void unread(RoutingContext routing, Throwable failure) {
    if (failure instanceof JobBody.OversizedException oversized) {
      var problem = OversizedBody.problem(oversized.beginning());
      refuseUnread(routing, Problem.of(List.of(problem)));
    }
    // Otherwise the caller has disconnected, so there is no answer.
  }

  private void refuse(RoutingContext routing, Problem problem) {
    metrics.refused(problem.code());
    Answer.problem(routing, problem);
  }

  /** Refuses the request before the whole body has been read. */
  private void refuseUnread(RoutingContext routing, Problem problem) {
    metrics.refused(problem.code());
    JobBody.refuseUnread(routing, problem);
  }
}
