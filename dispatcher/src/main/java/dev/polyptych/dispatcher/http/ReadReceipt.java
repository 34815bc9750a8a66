package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.results.ReceiptResult;
import dev.polyptych.dispatcher.results.ReceiptShelf;
import dev.polyptych.schema.error.ErrorCode;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/jobs/{id}/receipt}. */
final class ReadReceipt implements OperationHandler {
  private final ReceiptShelf shelf;
  private final LoopCalls calls;

  ReadReceipt(ReceiptShelf shelf, LoopCalls calls) {
    this.shelf = shelf;
    this.calls = calls;
  }

  @Override
  public String operationId() {
    return "readReceipt";
  }

  @Override
  public void handle(RoutingContext routing) {
    String id = routing.pathParam("id");
    String tenant = Callers.tenantId(routing);
    calls
        .call(() -> shelf.receipt(id, tenant))
        .onSuccess(result -> answer(routing, result))
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }

  private static void answer(RoutingContext routing, ReceiptResult result) {
    switch (result) {
      case ReceiptResult.Found(byte[] json) -> Answer.written(routing, 200, json);
      case ReceiptResult.Absent(ErrorCode code, String detail) ->
          Answer.problem(routing, code, detail);
    }
  }
}
