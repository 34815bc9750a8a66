package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.admission.AdmittedJob;
import dev.polyptych.dispatcher.enqueue.Intake;
import dev.polyptych.dispatcher.enqueue.Submission;
import dev.polyptych.dispatcher.results.Reroll;
import dev.polyptych.dispatcher.results.Rerolls;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.TraceParent;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/jobs/{id}/panels/{n}:reroll}. */
final class RerollPanel implements OperationHandler {
  private static final String ACTION = ":reroll";

  private final JobBody body;
  private final Rerolls rerolls;
  private final Admission admission;
  private final Intake intake;
  private final LoopCalls calls;

  RerollPanel(JobBody body, Rerolls rerolls, Admission admission, Intake intake, LoopCalls calls) {
    this.body = body;
    this.rerolls = rerolls;
    this.admission = admission;
    this.intake = intake;
    this.calls = calls;
  }

  @Override
  public String operationId() {
    return "rerollPanel";
  }

  @Override
  public void handle(RoutingContext routing) {
    body.read(routing.request())
        .onSuccess(bytes -> read(routing, bytes))
        .onFailure(failure -> unread(routing, failure));
  }

  private void read(RoutingContext routing, byte[] bytes) {
    // The loaded contract knows no actions, so the router gives it as part of the panel.
    String panel = routing.pathParam("n");
    if (!panel.endsWith(ACTION)) {
      String there = "/v1/jobs/" + routing.pathParam("id") + "/panels/" + panel + ACTION;
      Answer.problem(routing, ErrorCode.UNKNOWN_PATH, "POST to " + there + " to draw it anew");
      return;
    }
    int number = ReadPanel.number(panel.substring(0, panel.length() - ACTION.length()));
    switch (RerollBody.read(bytes)) {
      case Validated.Invalid<Reroll.Wish>(var problems) ->
          Answer.problem(routing, Problem.of(problems));
      case Validated.Valid<Reroll.Wish>(var wish) -> {
        String job = routing.pathParam("id");
        Tenant tenant = Callers.tenant(routing);
        TraceParent trace = TraceParent.of(routing.request().getHeader("traceparent"));
        calls
            .call(() -> submit(rerolls.of(job, tenant, number, wish), tenant, trace))
            .onSuccess(submission -> answer(routing, submission))
            .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
      }
    }
  }

  /** A new panel text may make a prompt that does not pass, so it is admitted as any job is. */
  private Submission submit(Reroll reroll, Tenant tenant, TraceParent trace)
      throws InterruptedException {
    return switch (reroll) {
      case Reroll.Refused(var code, var detail) -> new Submission.Refused(code, detail);
      case Reroll.Limited(var limit) -> new Submission.Limited(limit);
      case Reroll.Ready(var request) ->
          switch (admission.admit(Json.bytes(request))) {
            case Validated.Invalid<AdmittedJob>(var problems) -> new Submission.Unfit(problems);
            case Validated.Valid<AdmittedJob>(var admitted) ->
                intake.take(admitted, Optional.empty(), tenant, trace);
          };
    };
  }

  private static void answer(RoutingContext routing, Submission submission) {
    switch (submission) {
      case Submission.Taken(var status) -> {
        routing.response().putHeader(HttpHeaders.LOCATION, "/v1/jobs/" + status.id());
        Answer.json(routing, 202, status);
      }
      case Submission.Unfit(var problems) -> Answer.problem(routing, Problem.of(problems));
      case Submission.Limited(var limit) -> Answer.problem(routing, Problem.of(limit));
      case Submission.Refused(var code, var detail) -> Answer.problem(routing, code, detail);
      case Submission.Replayed(var status) ->
          throw new IllegalStateException(status.id() + " was given without a key");
      case Submission.IdTaken(var id) ->
          throw new IllegalStateException("the id " + id + " is taken");
    }
  }

  private static void unread(RoutingContext routing, Throwable failure) {
    if (failure instanceof OversizedBodyException oversized) {
      var problem = OversizedBody.problem(oversized.beginning());
      JobBody.refuseUnread(routing, Problem.of(List.of(problem)));
    }
  }
}
