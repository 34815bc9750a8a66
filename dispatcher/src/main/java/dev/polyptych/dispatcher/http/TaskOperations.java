package dev.polyptych.dispatcher.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.dispatcher.placement.PlacementReports;
import dev.polyptych.dispatcher.registry.Offer;
import dev.polyptych.dispatcher.registry.Offers;
import dev.polyptych.dispatcher.registry.Registration;
import dev.polyptych.dispatcher.registry.Registrations;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.OfferedTask;
import dev.polyptych.schema.json.DidYouMean;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.registry.RegistryReader;
import dev.polyptych.schema.registry.TaskDraft;
import dev.polyptych.schema.registry.TaskVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;

/** {@code /v1/tasks}. */
public final class TaskOperations {
  private static final int NOT_FOUND = 404;
  private static final int DOCUMENT_BYTES = 256 * 1024;

  private final Offers offers;
  private final RegistryScope scope;
  private final PlacementReports reports;
  private final BoundedCalls calls;

  private record TaskAndVersions(
      @JsonProperty("v") int version, JsonNode task, List<TaskVersion> versions) {}

  private record Removed(@JsonProperty("v") int version, List<TaskVersion> removed) {}

  /**
   * @param registry empty without an object store
   */
  public TaskOperations(
      Offers offers,
      Optional<Registrations> registry,
      PlacementReports reports,
      BoundedCalls calls) {
    this.offers = offers;
    this.scope = new RegistryScope(registry);
    this.reports = reports;
    this.calls = calls;
  }

  public List<ApiOperation> operations() {
    return List.of(
        new ApiOperation("listTasks", this::list),
        new ApiOperation("readTask", this::read),
        new ApiOperation(
            "putTask", routing -> scope.withName(routing, "task", all -> put(routing, all))),
        new ApiOperation("removeTask", routing -> scope.with(routing, all -> remove(routing, all))),
        new ApiOperation("readPlacement", this::placement));
  }

  private void list(RoutingContext routing) {
    String tenant = Gate.tenant(routing).id();
    calls.answer(routing, () -> offers.of(tenant), offer -> Answer.json(routing, 200, all(offer)));
  }

  /** The tasks of all bases, in the form of the dispatcher's catalog. */
  private JsonNode all(Offer offer) {
    ObjectNode all = Json.mapper().valueToTree(offers.bases().own());
    ArrayNode tasks = all.putArray("tasks");
    offer.tasks().forEach(offered -> tasks.add(seen(offer, offered)));
    return all;
  }

  /** A task with its base; with number and owner if it is registered. */
  private static JsonNode seen(Offer offer, OfferedTask offered) {
    ObjectNode seen = Json.mapper().valueToTree(offered.task());
    seen.put("base", offered.base().model());
    Optional.ofNullable(offer.registered().get(offered.task().id()))
        .ifPresent(
            version -> {
              seen.put("number", version.number());
              version.owner().ifPresent(owner -> seen.put("owner", owner));
              version
                  .adapters()
                  .ifPresent(uses -> seen.set("adapters", Json.mapper().valueToTree(uses)));
            });
    return seen;
  }

  private void read(RoutingContext routing) {
    answer(
        routing,
        (offer, task) ->
            new TaskAndVersions(
                1,
                seen(offer, task),
                scope
                    .registry()
                    .map(
                        all ->
                            all.view()
                                .taskVersions(
                                    Optional.of(Gate.tenant(routing).id()), task.task().id()))
                    .orElse(List.of())));
  }

  private void placement(RoutingContext routing) {
    answer(routing, (_, task) -> reports.of(task));
  }

  private void answer(RoutingContext routing, BiFunction<Offer, OfferedTask, Object> report) {
    String tenant = Gate.tenant(routing).id();
    String id = routing.pathParam("task");
    calls.answer(
        routing,
        () -> {
          Offer offer = offers.of(tenant);
          return offer
              .task(id)
              .<Registration<Object>>map(task -> new Registration.Done<>(report.apply(offer, task)))
              .orElseGet(() -> new Registration.Refused<>(unknown(offer, id)));
        },
        found -> RegistryScope.answer(routing, found));
  }

  private static Problem unknown(Offer offer, String id) {
    String remedy =
        DidYouMean.to(id, offer.taskIds())
            .map(near -> "did you mean '" + near + "'?")
            .orElse("GET /v1/tasks lists them");
    return Problem.of(ErrorCode.UNKNOWN_TASK, "there is no task '" + id + "'; " + remedy)
        .withStatus(NOT_FOUND);
  }

  private void put(RoutingContext routing, Registrations registry) {
    Tenant tenant = Gate.tenant(routing);
    String id = routing.pathParam("task");
    new JobBody(DOCUMENT_BYTES)
        .read(routing.request())
        .compose(document -> calls.call(() -> registered(registry, tenant, id, document)))
        .onSuccess(registration -> RegistryScope.answer(routing, registration))
        .onFailure(failure -> failed(routing, failure));
  }

  private static Registration<TaskVersion> registered(
      Registrations registry, Tenant tenant, String id, byte[] document) {
    return switch (RegistryReader.task(document, registry.usualBase())) {
      case Validated.Invalid<TaskDraft>(var problems) ->
          new Registration.Refused<>(Problem.of(problems));
      case Validated.Valid<TaskDraft>(var draft) ->
          draft.task().id().equals(id)
              ? registry.task(draft, tenant.owner())
              : new Registration.Refused<>(otherId(id, draft.task().id()));
    };
  }

  /** The problem of a document that is sent to the path of another one. */
  static Problem otherId(String path, String document) {
    return Problem.of(
        List.of(
            FieldProblem.invalid(
                "id", "is '%s', but the path says '%s'; write one".formatted(document, path))));
  }

  private void remove(RoutingContext routing, Registrations registry) {
    Tenant tenant = Gate.tenant(routing);
    String id = routing.pathParam("task");
    RegistryScope.remove(routing, calls, version -> removed(registry, tenant, id, version));
  }

  private static Registration<Removed> removed(
      Registrations registry, Tenant tenant, String id, OptionalInt version) {
    List<TaskVersion> removed = registry.removeTask(tenant.owner(), id, version);
    if (!removed.isEmpty()) {
      return new Registration.Done<>(new Removed(1, removed));
    }
    boolean shared =
        tenant.owner().isPresent() && !registry.view().taskVersions(Optional.empty(), id).isEmpty();
    return new Registration.Refused<>(
        RegistryScope.notYours(ErrorCode.UNKNOWN_TASK, "registered task '" + id + "'", shared));
  }

  private static void failed(RoutingContext routing, Throwable failure) {
    if (failure instanceof JobBody.OversizedException large) {
      JobBody.refuseUnread(routing, Problem.of(ErrorCode.BODY_TOO_LARGE, large.getMessage()));
    } else {
      Answer.problem(routing, Answer.problem(failure));
    }
  }
}
