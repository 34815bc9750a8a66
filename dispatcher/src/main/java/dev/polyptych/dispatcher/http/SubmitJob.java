package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.admission.AdmittedJob;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.error.Validated;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/jobs}. */
final class SubmitJob implements OperationHandler {
  private final JobBody body;
  private final Admission admission;
  private final Submitter submitter;
  private final DryRuns dryRuns;

  SubmitJob(JobBody body, Admission admission, Submitter submitter, DryRuns dryRuns) {
    this.body = body;
    this.admission = admission;
    this.submitter = submitter;
    this.dryRuns = dryRuns;
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
      submitter.refuseUnread(routing, unsupported.get());
      return;
    }
    switch (SubmitHead.read(routing.request())) {
      case Validated.Invalid<SubmitHead>(var problems) ->
          submitter.refuseUnread(routing, Problem.of(problems));
      case Validated.Valid<SubmitHead>(var head) ->
          body.read(routing.request())
              .onSuccess(bytes -> submit(routing, head, bytes, startedNanos))
              .onFailure(failure -> unread(routing, failure));
    }
  }

  private void submit(RoutingContext routing, SubmitHead head, byte[] bytes, long startedNanos) {
    switch (admission.admit(bytes)) {
      case Validated.Invalid<AdmittedJob>(var problems) ->
          submitter.refuse(routing, Problem.of(problems));
      case Validated.Valid<AdmittedJob>(var admitted) -> {
        if (head.dryRun()) {
          dryRuns.answer(routing, admitted.job());
        } else {
          var key =
              head.idempotencyKey().map(text -> Callers.key(Callers.tenant(routing), text, bytes));
          submitter.submit(routing, head, admitted, key, startedNanos);
        }
      }
    }
  }

  private void unread(RoutingContext routing, Throwable failure) {
    if (failure instanceof OversizedBodyException oversized) {
      var problem = OversizedBody.problem(oversized.beginning());
      submitter.refuseUnread(routing, Problem.of(List.of(problem)));
    }
    // Otherwise the caller is gone: there is nobody to answer.
  }
}
