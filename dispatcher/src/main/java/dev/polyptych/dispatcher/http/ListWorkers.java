package dev.polyptych.dispatcher.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.polyptych.schema.store.WorkerDirectory;
import dev.polyptych.schema.store.WorkerHeartbeat;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** {@code GET /v1/workers}. */
final class ListWorkers implements OperationHandler {
  private final WorkerDirectory directory;
  private final LoopCalls calls;

  private record WorkerList(@JsonProperty("v") int version, List<WorkerHeartbeat> workers) {}

  ListWorkers(WorkerDirectory directory, LoopCalls calls) {
    this.directory = directory;
    this.calls = calls;
  }

  @Override
  public String operationId() {
    return "listWorkers";
  }

  @Override
  public void handle(RoutingContext routing) {
    calls
        .call(directory::live)
        .onSuccess(workers -> Answer.json(routing, 200, new WorkerList(1, workers)))
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }
}
