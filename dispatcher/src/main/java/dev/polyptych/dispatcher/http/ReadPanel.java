package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.results.ImageShelf;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/jobs/{id}/panels/{n}}. */
final class ReadPanel implements OperationHandler {
  private final ImageShelf shelf;
  private final LoopCalls calls;

  ReadPanel(ImageShelf shelf, LoopCalls calls) {
    this.shelf = shelf;
    this.calls = calls;
  }

  @Override
  public String operationId() {
    return "readPanel";
  }

  @Override
  public void handle(RoutingContext routing) {
    String id = routing.pathParam("id");
    int panel = number(routing.pathParam("n"));
    String tenant = Callers.tenantId(routing);
    calls
        .call(() -> shelf.panel(id, tenant, panel))
        .onSuccess(result -> ImageAnswer.send(routing, result))
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }

  /** 0, which no panel has, for what is no number. */
  static int number(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
  }
}
