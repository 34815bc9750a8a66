package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.store.Callbacks;
import io.vertx.ext.web.RoutingContext;

/** {@code POST /v1/callbacks/{job}:redeliver}. */
final class RedeliverCallback implements OperationHandler {
  private static final String ACTION = ":redeliver";

  private final CallbackFinder finder;
  private final Callbacks callbacks;
  private final LoopCalls calls;

  RedeliverCallback(CallbackFinder finder, Callbacks callbacks, LoopCalls calls) {
    this.finder = finder;
    this.callbacks = callbacks;
    this.calls = calls;
  }

  @Override
  public String operationId() {
    return "redeliverCallback";
  }

  @Override
  public void handle(RoutingContext routing) {
    // The loaded contract knows no actions, so the router gives it as part of the id.
    String path = routing.pathParam("job");
    String job = path.replaceFirst(ACTION + "$", "");
    if (!path.endsWith(ACTION)) {
      String there = "/v1/callbacks/" + path + ACTION;
      Answer.problem(
          routing, ErrorCode.UNKNOWN_PATH, "POST to " + there + " to have it sent again");
    } else if (!JobId.valid(job)) {
      Answer.unknownJob(routing, "of this id; ids have 1 to 64 letters, digits, '-' or '_'");
    } else {
      String tenant = Callers.tenantId(routing);
      calls
          .call(() -> finder.find(tenant, job, callbacks::redeliver))
          .onSuccess(found -> CallbackFinder.answer(routing, job, 202, found))
          .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
    }
  }
}
