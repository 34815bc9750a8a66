package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Outcome;
import dev.polyptych.schema.store.JobStore;
import dev.polyptych.schema.store.Tombstones;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/jobs/{id}}. */
final class ReadJob implements OperationHandler {
  private final JobStore store;
  private final Tombstones tombstones;
  private final LoopCalls calls;

  ReadJob(JobStore store, Tombstones tombstones, LoopCalls calls) {
    this.store = store;
    this.tombstones = tombstones;
    this.calls = calls;
  }

  @Override
  public String operationId() {
    return "readJob";
  }

  @Override
  public void handle(RoutingContext routing) {
    String id = routing.pathParam("id");
    String tenant = Callers.tenantId(routing);
    calls
        .call(() -> find(id, tenant))
        .onSuccess(found -> answer(routing, id, found))
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }

  private sealed interface Found {
    record Kept(JobStatus status) implements Found {}

    record Gone(Outcome outcome) implements Found {}

    record Unknown() implements Found {}
  }

  private Found find(String id, String tenant) {
    return store
        .status(id, tenant)
        .<Found>map(Found.Kept::new)
        .or(() -> tombstones.outcome(id, tenant).map(Found.Gone::new))
        .orElseGet(Found.Unknown::new);
  }

  private static void answer(RoutingContext routing, String id, Found found) {
    switch (found) {
      case Found.Kept(JobStatus status) -> Answer.json(routing, 200, status);
      case Found.Gone(Outcome outcome) -> Answer.gone(routing, id, outcome);
      case Found.Unknown() -> Answer.unknownJob(routing, id);
    }
  }
}
