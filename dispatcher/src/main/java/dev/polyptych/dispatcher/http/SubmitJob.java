package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.admission.TextCheck;
import dev.polyptych.dispatcher.enqueue.Submission;
import dev.polyptych.dispatcher.enqueue.SubmissionIntake;
import dev.polyptych.dispatcher.enqueue.SubmissionOrigin;
import dev.polyptych.dispatcher.estimate.Estimates;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.job.ResolvedJob;
import dev.polyptych.store.IdempotencyKey;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/jobs}: from the head of the request to the answer. */
public final class SubmitJob {
  private final JobBody body;
  private final Admission admission;
  private final TextCheck texts;
  private final SubmissionIntake intake;
  private final BoundedCalls calls;
  private final Estimates estimates;
  private final SubmissionAnswers answers;

  public SubmitJob(
      JobBody body,
      Admission admission,
      TextCheck texts,
      SubmissionIntake intake,
      BoundedCalls calls,
      Estimates estimates,
      SubmissionAnswers answers) {
    this.body = body;
    this.admission = admission;
    this.texts = texts;
    this.intake = intake;
    this.calls = calls;
    this.estimates = estimates;
    this.answers = answers;
  }

  public List<ApiOperation> operations() {
    return List.of(new ApiOperation("submitJob", this::handle));
  }

  private void handle(RoutingContext routing) {
    long startedNanos = System.nanoTime();
    Optional<Problem> unsupported = JobBody.unsupported(routing.request());
    if (unsupported.isPresent()) {
      answers.refuseUnread(routing, unsupported.get());
      return;
    }
    switch (SubmitHead.read(routing.request())) {
      case Validated.Invalid<SubmitHead>(var problems) ->
          answers.refuseUnread(routing, Problem.of(problems));
      case Validated.Valid<SubmitHead>(var head) ->
          body.read(routing.request())
              .onSuccess(bytes -> admit(routing, head, bytes, startedNanos))
              .onFailure(failure -> unread(routing, failure));
    }
  }

  private void admit(RoutingContext routing, SubmitHead head, byte[] bytes, long startedNanos) {
    switch (admission.read(bytes)) {
      case Validated.Invalid<JobRequest>(var problems) ->
          answers.refuse(routing, Problem.of(problems));
      case Validated.Valid<JobRequest>(var request) -> {
        if (head.dryRun()) {
          dryRun(routing, request);
        } else {
          submit(routing, head, request, bytes, startedNanos);
        }
      }
    }
  }

  private void dryRun(RoutingContext routing, JobRequest request) {
    String tenant = Gate.tenant(routing).id();
    calls
        .call(() -> admission.resolve(request, tenant).then(texts::check))
        .onSuccess(
            checked -> {
              switch (checked) {
                case Validated.Invalid<RenderJob>(var problems) ->
                    answers.refuse(routing, Problem.of(problems));
                case Validated.Valid<RenderJob>(var counted) ->
                    Answer.json(
                        routing,
                        200,
                        ResolvedJob.of(counted, estimates.ifSubmitted(counted).ifKnown()));
              }
            })
        .onFailure(failure -> answers.refuse(routing, Answer.problem(failure)));
  }

  private void submit(
      RoutingContext routing,
      SubmitHead head,
      JobRequest request,
      byte[] bytes,
      long startedNanos) {
    Tenant tenant = Gate.tenant(routing);
    var key = head.idempotencyKey().map(text -> IdempotencyKey.of(tenant.id(), text, bytes));
    SubmissionOrigin origin = new SubmissionOrigin(tenant, head.trace(), Optional.empty());
    calls
        .call(
            () ->
                switch (admission.resolve(request, tenant.id())) {
                  case Validated.Invalid<RenderJob>(var problems) -> new Submission.Unfit(problems);
                  case Validated.Valid<RenderJob>(var job) -> intake.take(job, origin, key);
                })
        .onSuccess(submission -> answers.answer(routing, head, submission, startedNanos))
        .onFailure(failure -> answers.refuse(routing, Answer.problem(failure)));
  }

  private void unread(RoutingContext routing, Throwable failure) {
    if (failure instanceof JobBody.OversizedException oversized) {
      var problem = OversizedBody.problem(oversized.beginning());
      answers.refuseUnread(routing, Problem.of(List.of(problem)));
    }
    // Otherwise the caller has disconnected, so there is no answer.
  }
}
