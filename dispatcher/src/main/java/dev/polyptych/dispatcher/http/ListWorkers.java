package dev.polyptych.dispatcher.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.store.JobListing;
import dev.polyptych.schema.store.WorkerDirectory;
import dev.polyptych.schema.store.WorkerHeartbeat;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;

/** {@code GET /v1/workers}. The fleet is everybody's; whose jobs it renders is not. */
final class ListWorkers implements OperationHandler {
  private final WorkerDirectory directory;
  private final JobListing listing;
  private final LoopCalls calls;

  private record WorkerList(@JsonProperty("v") int version, List<JsonNode> workers) {}

  ListWorkers(WorkerDirectory directory, JobListing listing, LoopCalls calls) {
    this.directory = directory;
    this.listing = listing;
    this.calls = calls;
  }

  @Override
  public String operationId() {
    return "listWorkers";
  }

  @Override
  public void handle(RoutingContext routing) {
    String tenant = Callers.tenantId(routing);
    calls
        .call(() -> seenBy(tenant))
        .onSuccess(workers -> Answer.json(routing, 200, new WorkerList(1, workers)))
        .onFailure(failure -> Answer.problem(routing, Answer.problem(failure)));
  }

  private List<JsonNode> seenBy(String tenant) {
    List<WorkerHeartbeat> live = directory.live();
    List<String> jobs = live.stream().flatMap(worker -> worker.job().stream()).toList();
    Set<String> own = listing.owned(jobs, tenant);
    return live.stream()
        .map(worker -> seen(worker, worker.job().filter(own::contains).isPresent()))
        .toList();
  }

  private static JsonNode seen(WorkerHeartbeat worker, boolean own) {
    ObjectNode seen = Json.mapper().valueToTree(worker);
    if (!own) {
      seen.remove("job");
    }
    return seen;
  }
}
