package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.job.JobId;
import dev.polyptych.store.Callbacks;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/callbacks/{job}}. */
final class ReadCallback implements OperationHandler {
  private final CallbackFinder finder;
  private final Callbacks callbacks;
  private final LoopCalls calls;

  ReadCallback(CallbackFinder finder, Callbacks callbacks, LoopCalls calls) {
    this.finder = finder;
    this.callbacks = callbacks;
    this.calls = calls;
  }

  @Override
  public String operationId() {
    return "readCallback";
  }

  @Override
  public void handle(RoutingContext routing) {
    String job = routing.pathParam("job");
    if (!JobId.valid(job)) {
      Answer.unknownJob(routing, "of this id; ids have 1 to 64 letters, digits, '-' or '_'");
      return;
    }
    String tenant = Callers.tenantId(routing);
    calls
        .call(() -> finder.find(tenant, job, callbacks::find))
        .onSuccess(found -> CallbackFinder.answer(routing, job, 200, found))
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }
}
