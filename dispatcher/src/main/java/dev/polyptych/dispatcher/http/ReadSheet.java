package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.results.ImageShelf;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/jobs/{id}/sheet}. */
final class ReadSheet implements OperationHandler {
  private final ImageShelf shelf;
  private final LoopCalls calls;

  ReadSheet(ImageShelf shelf, LoopCalls calls) {
    this.shelf = shelf;
    this.calls = calls;
  }

  @Override
  public String operationId() {
    return "readSheet";
  }

  @Override
  public void handle(RoutingContext routing) {
    String id = routing.pathParam("id");
    String tenant = Callers.tenantId(routing);
    calls
        .call(() -> shelf.sheet(id, tenant))
        .onSuccess(result -> ImageAnswer.send(routing, result))
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }
}
