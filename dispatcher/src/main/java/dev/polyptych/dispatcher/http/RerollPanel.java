package dev.polyptych.dispatcher.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.enqueue.Submission;
import dev.polyptych.dispatcher.enqueue.SubmissionIntake;
import dev.polyptych.dispatcher.enqueue.SubmissionOrigin;
import dev.polyptych.dispatcher.results.Reroll;
import dev.polyptych.dispatcher.results.Rerolls;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.FieldReader;
import dev.polyptych.schema.json.Json;
import dev.polyptych.store.IdempotencyKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code POST /v1/jobs/{id}/panels/{n}:reroll}. */
public final class RerollPanel {
  private static final String ACTION = ":reroll";

  private final JobBody body;
  private final Rerolls rerolls;
  private final Admission admission;
  private final SubmissionIntake intake;
  private final BoundedCalls calls;
  private final SubmissionAnswers answers;

  public RerollPanel(
      JobBody body,
      Rerolls rerolls,
      Admission admission,
      SubmissionIntake intake,
      BoundedCalls calls,
      SubmissionAnswers answers) {
    this.body = body;
    this.rerolls = rerolls;
    this.admission = admission;
    this.intake = intake;
    this.calls = calls;
    this.answers = answers;
  }

  public List<ApiOperation> operations() {
    return List.of(new ApiOperation("rerollPanel", this::handle));
  }

  private void handle(RoutingContext routing) {
    long startedNanos = System.nanoTime();
    switch (SubmitHead.read(routing.request())) {
      case Validated.Invalid<SubmitHead>(var problems) ->
          answers.refuseUnread(routing, Problem.of(problems));
      case Validated.Valid<SubmitHead>(var head) ->
          body.read(routing.request())
              .onSuccess(bytes -> read(routing, head, bytes, startedNanos))
              .onFailure(failure -> unread(routing, failure));
    }
  }

  private void read(RoutingContext routing, SubmitHead head, byte[] bytes, long startedNanos) {
    // The loaded contract has no actions, so the router passes the action as part of the panel.
    String panel = routing.pathParam("n");
    if (!panel.endsWith(ACTION)) {
      String there = "/v1/jobs/" + routing.pathParam("id") + "/panels/" + panel + ACTION;
      Answer.problem(routing, ErrorCode.UNKNOWN_PATH, "POST to " + there + " to draw it again");
      return;
    }
    int number = ReadResults.number(panel.substring(0, panel.length() - ACTION.length()));
    switch (wish(bytes)) {
      case Validated.Invalid<Reroll.Wish>(var problems) ->
          Answer.problem(routing, Problem.of(problems));
      case Validated.Valid<Reroll.Wish>(var wish) -> {
        String job = routing.pathParam("id");
        Tenant tenant = Gate.tenant(routing);
        SubmissionOrigin origin = new SubmissionOrigin(tenant, head.trace(), Optional.empty());
        Optional<IdempotencyKey> key =
            head.idempotencyKey().map(text -> key(tenant, text, routing.normalizedPath(), bytes));
        calls
            .call(() -> submit(job, number, wish, origin, key))
            .onSuccess(submission -> answers.answer(routing, head, submission, startedNanos))
            .onFailure(failure -> answers.refuse(routing, Answer.problem(failure)));
      }
    }
  }

  /** The body alone does not say which panel is meant. */
  private static IdempotencyKey key(Tenant tenant, String text, String path, byte[] body) {
    Buffer request = Buffer.buffer(path).appendByte((byte) '\n').appendBytes(body);
    return IdempotencyKey.of(tenant.id(), text, request.getBytes());
  }

  /**
   * A new panel text may make the prompt invalid, so the job passes the same checks as any other. A
   * repeated call gets the first one's job, even if the old job's panels have expired since.
   */
  private Submission submit(
      String job,
      int panel,
      Reroll.Wish wish,
      SubmissionOrigin origin,
      Optional<IdempotencyKey> key)
      throws InterruptedException {
    Optional<Submission> known = key.flatMap(intake::known);
    if (known.isPresent()) {
      return known.get();
    }
    return switch (rerolls.of(job, origin.tenant(), panel, wish)) {
      case Reroll.Refused(var code, var detail) -> new Submission.Refused(code, detail);
      case Reroll.Limited(var limit) -> new Submission.Limited(limit);
      case Reroll.Ready(var request) ->
          switch (admission
              .read(request)
              .then(checked -> admission.resolve(checked, origin.tenant().id()))) {
            case Validated.Invalid<RenderJob>(var problems) -> new Submission.Unfit(problems);
            case Validated.Valid<RenderJob>(var admitted) -> intake.take(admitted, origin, key);
          };
    };
  }

  private void unread(RoutingContext routing, Throwable failure) {
    if (failure instanceof JobBody.OversizedException oversized) {
      var problem = OversizedBody.problem(oversized.beginning());
      answers.refuseUnread(routing, Problem.of(List.of(problem)));
    }
  }

  /** Reads the optional fields of a re-roll. An empty body is valid. */
  private static Validated<Reroll.Wish> wish(byte[] body) {
    if (body.length == 0) {
      return new Validated.Valid<>(new Reroll.Wish(OptionalLong.empty(), Optional.empty()));
    }
    try {
      JsonNode json = Json.mapper().readTree(body);
      return json.isObject() ? wish(json) : malformed("the body must be one JSON object, or none");
    } catch (JsonProcessingException malformed) {
      return malformed(malformed.getOriginalMessage());
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory failed", impossible);
    }
  }

  private static Validated<Reroll.Wish> wish(JsonNode json) {
    List<FieldProblem> problems = new ArrayList<>();
    FieldReader fields = new FieldReader(json, "", problems);
    fields.refuseUnknown(List.of("seed", "prompt"));
    OptionalLong seed =
        fields
            .integer("seed", 0, JobRequestReader.MAX_SEED)
            .map(OptionalLong::of)
            .orElseGet(OptionalLong::empty);
    Optional<String> prompt =
        json.hasNonNull("prompt")
            ? Optional.of(fields.text("prompt", JobRequestReader.MAX_PANEL_TEXT))
            : Optional.empty();
    return Validated.of(new Reroll.Wish(seed, prompt), problems);
  }

  private static Validated<Reroll.Wish> malformed(String detail) {
    return new Validated.Invalid<>(List.of(new FieldProblem(ErrorCode.MALFORMED_JSON, "", detail)));
  }
}
