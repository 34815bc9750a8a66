package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.CallbackState;
import dev.polyptych.store.Callbacks;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code GET /v1/callbacks}. */
final class ListCallbacks implements OperationHandler {
  private static final List<String> PARAMETERS = List.of("state", "limit", "cursor");
  private static final List<String> STATES =
      Stream.of(CallbackState.values()).map(CallbackState::text).toList();

  private final Callbacks callbacks;
  private final LoopCalls calls;

  ListCallbacks(Callbacks callbacks, LoopCalls calls) {
    this.callbacks = callbacks;
    this.calls = calls;
  }

  @Override
  public String operationId() {
    return "listCallbacks";
  }

  @Override
  public void handle(RoutingContext routing) {
    Query query = new Query(routing.queryParams(), PARAMETERS);
    Optional<CallbackState> state =
        query.oneOf("state", STATES, ErrorCode.INVALID_FIELD).map(CallbackState::of);
    int limit = query.integer("limit", 1, ListJobs.MOST, ListJobs.USUAL);
    String before = query.text("cursor").map(cursor -> ListJobs.position(query, cursor)).orElse("");
    if (!query.problems().isEmpty()) {
      Answer.problem(routing, Problem.of(query.problems()));
      return;
    }
    String tenant = Callers.tenantId(routing);
    calls
        .call(() -> callbacks.page(tenant, state, before, limit))
        .onSuccess(page -> Answer.json(routing, 200, page))
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }
}
