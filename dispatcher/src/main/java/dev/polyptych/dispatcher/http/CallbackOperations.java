package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.Callback;
import dev.polyptych.schema.job.CallbackState;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.Callbacks;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * {@code GET /v1/callbacks}, {@code GET /v1/callbacks/{job}} and {@code POST
 * /v1/callbacks/{job}:redeliver}.
 */
public final class CallbackOperations {
  private static final String REDELIVER = ":redeliver";
  private static final List<String> PARAMETERS = List.of("state", "limit", "cursor");
  private static final List<String> STATES =
      Stream.of(CallbackState.values()).map(CallbackState::text).toList();

  private final Callbacks callbacks;
  private final JobLookup jobs;
  private final BoundedCalls calls;

  public CallbackOperations(Callbacks callbacks, JobLookup jobs, BoundedCalls calls) {
    this.callbacks = callbacks;
    this.jobs = jobs;
    this.calls = calls;
  }

  private record Found(JobStatus job, Optional<Callback> callback) {}

  public List<ApiOperation> operations() {
    return List.of(
        new ApiOperation("listCallbacks", this::list),
        new ApiOperation("readCallback", this::read),
        new ApiOperation("redeliverCallback", this::redeliver));
  }

  private void list(RoutingContext routing) {
    Query query = new Query(routing.queryParams(), PARAMETERS);
    Optional<CallbackState> state =
        query.oneOf("state", STATES, ErrorCode.INVALID_FIELD).map(CallbackState::of);
    int limit = query.pageLimit();
    String before = query.pageStart();
    if (!query.problems().isEmpty()) {
      Answer.problem(routing, Problem.of(query.problems()));
      return;
    }
    String tenant = Gate.tenant(routing).id();
    calls.answer(
        routing,
        () -> callbacks.page(tenant, state, before, limit),
        page -> Answer.json(routing, 200, page));
  }

  private void read(RoutingContext routing) {
    answer(routing, routing.pathParam("job"), 200, callbacks::find);
  }

  private void redeliver(RoutingContext routing) {
    // The loaded contract has no actions, so the router passes the action as part of the id.
    String path = routing.pathParam("job");
    if (path.endsWith(REDELIVER)) {
      String job = path.substring(0, path.length() - REDELIVER.length());
      answer(routing, job, 202, callbacks::redeliver);
    } else {
      String there = "/v1/callbacks/" + path + REDELIVER;
      Answer.problem(
          routing, ErrorCode.UNKNOWN_PATH, "POST to " + there + " to have it sent again");
    }
  }

  /**
   * @param callback finds the callback of a job whose record still exists
   */
  private void answer(
      RoutingContext routing,
      String job,
      int status,
      Function<String, Optional<Callback>> callback) {
    if (!JobId.valid(job)) {
      Answer.unknownJob(routing, "of this id; ids have 1 to 64 letters, digits, '-' or '_'");
      return;
    }
    jobs.read(
        routing,
        job,
        known -> new Found(known, callback.apply(job)),
        found ->
            found
                .callback()
                .ifPresentOrElse(
                    kept -> Answer.json(routing, status, kept), () -> none(routing, found.job())));
  }

  private static void none(RoutingContext routing, JobStatus job) {
    String why =
        job.state().terminal() ? "it named no callbackUrl" : "a callback is due when it settles";
    Answer.problem(
        routing,
        ErrorCode.UNKNOWN_CALLBACK,
        "job %s is %s; %s".formatted(job.id(), job.state().text(), why));
  }
}
