package dev.polyptych.dispatcher.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.dispatcher.placement.RoutesByBase;
import dev.polyptych.dispatcher.registry.Bases;
import dev.polyptych.dispatcher.registry.Registrations;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.schema.catalog.AdapterSet;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.json.Json;
import dev.polyptych.store.JobListing;
import dev.polyptych.store.WorkerDirectory;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code GET /v1/workers}. All tenants may see the fleet, but not which tenants' jobs it renders.
 */
public final class ListWorkers {
  private final Bases bases;
  private final Optional<Registrations> registry;
  private final WorkerDirectory directory;
  private final JobListing listing;
  private final RoutesByBase routes;
  private final BoundedCalls calls;

  private record WorkerList(@JsonProperty("v") int version, List<JsonNode> workers) {}

  /**
   * @param registry tells the names of adapters that workers know by digest; empty without an
   *     object store
   */
  public ListWorkers(
      Bases bases,
      Optional<Registrations> registry,
      WorkerDirectory directory,
      JobListing listing,
      RoutesByBase routes,
      BoundedCalls calls) {
    this.bases = bases;
    this.registry = registry;
    this.directory = directory;
    this.listing = listing;
    this.routes = routes;
    this.calls = calls;
  }

  public List<ApiOperation> operations() {
    return List.of(new ApiOperation("listWorkers", this::handle));
  }

  private void handle(RoutingContext routing) {
    String tenant = Gate.tenant(routing).id();
    calls.answer(
        routing,
        () -> seenBy(tenant),
        workers -> Answer.json(routing, 200, new WorkerList(1, workers)));
  }

  private List<JsonNode> seenBy(String tenant) {
    List<WorkerHeartbeat> live = directory.live();
    List<String> jobs = live.stream().flatMap(worker -> worker.job().stream()).toList();
    Set<String> own = listing.owned(jobs, tenant);
    Map<String, Double> outstanding = outstanding();
    Map<String, String> names =
        registry.map(all -> all.view().adapterNames(Optional.of(tenant))).orElse(Map.of());
    return live.stream()
        .map(
            worker ->
                seen(
                    worker,
                    worker.job().filter(own::contains).isPresent(),
                    outstanding.getOrDefault(worker.id(), worker.load().outstandingSeconds()),
                    names))
        .toList();
  }

  /** GPU-seconds by worker as of the last look, including jobs that it has not taken yet. */
  private Map<String, Double> outstanding() {
    return bases.ids().stream()
        .flatMap(base -> routes.of(base).fleet().workers().stream())
        .collect(Collectors.toMap(FleetWorker::id, FleetWorker::outstandingSeconds));
  }

  private JsonNode seen(
      WorkerHeartbeat worker, boolean own, double outstandingSeconds, Map<String, String> names) {
    ObjectNode seen = Json.mapper().valueToTree(worker);
    // Version of this answer's form, not of the heartbeat that workers write.
    seen.put("v", 1)
        .put("loading", worker.loading())
        .put("otherBase", !bases.ids().contains(worker.model()))
        .put("outstandingSeconds", outstandingSeconds);
    ObjectNode known = seen.putObject("names");
    held(worker).filter(names::containsKey).forEach(digest -> known.put(digest, names.get(digest)));
    // Jobs of all tenants.
    seen.remove("held");
    if (!own) {
      seen.remove("job");
    }
    return seen;
  }

  /** The adapters in a worker's memory and on their way to it, by name or digest. */
  private static Stream<String> held(WorkerHeartbeat worker) {
    return Stream.of(
            worker.adapter().stream(),
            worker.load().resident().stream(),
            worker.load().adapters().merged().stream(),
            worker.fetching().stream())
        .flatMap(keys -> keys)
        .flatMap(key -> AdapterSet.members(key).stream());
  }
}
