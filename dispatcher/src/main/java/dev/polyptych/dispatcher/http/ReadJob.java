package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.store.JobStore;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/jobs/{id}}. */
final class ReadJob implements OperationHandler {
  private final JobStore store;
  private final LoopCalls calls;

  ReadJob(JobStore store, LoopCalls calls) {
    this.store = store;
    this.calls = calls;
  }

  @Override
  public String operationId() {
    return "readJob";
  }

  @Override
  public void handle(RoutingContext routing) {
    String id = routing.pathParam("id");
    calls
        .call(() -> store.status(id))
        .onSuccess(
            found ->
                found.ifPresentOrElse(
                    status -> Answer.json(routing, 200, status),
                    () -> Answer.unknownJob(routing, id)))
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }
}
