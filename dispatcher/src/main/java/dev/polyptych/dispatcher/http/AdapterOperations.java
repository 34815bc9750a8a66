package dev.polyptych.dispatcher.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.dispatcher.placement.RoutesByBase;
import dev.polyptych.dispatcher.registry.Registration;
import dev.polyptych.dispatcher.registry.Registrations;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.registry.AdapterDraft;
import dev.polyptych.schema.registry.AdapterVersion;
import dev.polyptych.schema.registry.BaseDeclaration;
import dev.polyptych.schema.registry.BaseVersion;
import dev.polyptych.schema.registry.RegistryReader;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code /v1/adapters} and {@code /v1/bases}. */
public final class AdapterOperations {
  private static final String BYTES = "application/octet-stream";
  private static final int DOCUMENT_BYTES = 64 * 1024;

  /** The most uploads and fetches at once. Each may take a whole file of the disk. */
  private static final int MOST_AT_ONCE = 8;

  private final RegistryScope scope;
  private final RoutesByBase routes;
  private final BoundedCalls calls;
  private final long mostBytes;

  /** Event loop only. */
  private int underWay;

  private record Adapters(@JsonProperty("v") int version, List<JsonNode> adapters) {}

  private record Versions(@JsonProperty("v") int version, String name, List<JsonNode> versions) {}

  private record Removed(@JsonProperty("v") int version, List<AdapterVersion> removed) {}

  private record RemovedBases(@JsonProperty("v") int version, List<BaseVersion> removed) {}

  private record Bases(@JsonProperty("v") int version, List<BaseVersion> bases) {}

  /**
   * @param registry empty without an object store
   * @param mostBytes of one adapter
   */
  public AdapterOperations(
      Optional<Registrations> registry, RoutesByBase routes, BoundedCalls calls, long mostBytes) {
    this.scope = new RegistryScope(registry);
    this.routes = routes;
    this.calls = calls;
    this.mostBytes = mostBytes;
  }

  public List<ApiOperation> operations() {
    return List.of(
        new ApiOperation("listAdapters", routing -> scope.with(routing, all -> list(routing, all))),
        new ApiOperation("readAdapter", routing -> scope.with(routing, all -> read(routing, all))),
        new ApiOperation(
            "putAdapter", routing -> scope.withName(routing, "name", all -> put(routing, all))),
        new ApiOperation(
            "removeAdapter", routing -> scope.with(routing, all -> remove(routing, all))),
        new ApiOperation("listBases", routing -> scope.with(routing, all -> bases(routing, all))),
        new ApiOperation(
            "putBase", routing -> scope.withName(routing, "base", all -> putBase(routing, all))),
        new ApiOperation(
            "removeBase", routing -> scope.with(routing, all -> removeBase(routing, all))));
  }

  private void list(RoutingContext routing, Registrations registry) {
    Optional<String> tenant = Optional.of(Gate.tenant(routing).id());
    calls.answer(
        routing,
        () -> registry.view().adapters(tenant).stream().map(this::seen).toList(),
        adapters -> Answer.json(routing, 200, new Adapters(1, adapters)));
  }

  private void read(RoutingContext routing, Registrations registry) {
    String name = routing.pathParam("name");
    Optional<String> tenant = Optional.of(Gate.tenant(routing).id());
    calls.answer(
        routing,
        () -> registry.view().adapterVersions(tenant, name).stream().map(this::seen).toList(),
        versions -> {
          if (versions.isEmpty()) {
            Answer.problem(routing, unknown(name, false));
          } else {
            Answer.json(routing, 200, new Versions(1, name, versions));
          }
        });
  }

  /** A version with the workers that have its bytes. */
  private JsonNode seen(AdapterVersion version) {
    ObjectNode seen = Json.mapper().valueToTree(version);
    ArrayNode workers = seen.putArray("workers");
    routes.of(version.base()).fleet().workers().stream()
        .filter(worker -> worker.residency().of(version.sha256()) != Tier.ABSENT)
        .forEach(worker -> workers.add(worker.id()));
    return seen;
  }

  private void put(RoutingContext routing, Registrations registry) {
    Query query = new Query(routing.queryParams(), List.of("base"));
    if (!query.problems().isEmpty()) {
      JobBody.refuseUnread(routing, Problem.of(query.problems()));
    } else if (underWay >= MOST_AT_ONCE) {
      String full = MOST_AT_ONCE + " adapters are being registered already; send it again";
      JobBody.refuseUnread(routing, Problem.of(ErrorCode.OVERLOADED, full));
    } else if (JobBody.unsupported(routing.request(), BYTES).isEmpty()) {
      upload(routing, registry, query.text("base").orElse(registry.usualBase()));
    } else {
      fetch(routing, registry, query.text("base").orElse(registry.usualBase()));
    }
  }

  private void upload(RoutingContext routing, Registrations registry, String base) {
    String name = routing.pathParam("name");
    Tenant tenant = Gate.tenant(routing);
    underWay++;
    UploadedFile.receive(routing.vertx(), routing.request(), mostBytes)
        .compose(
            file ->
                calls
                    .call(() -> registry.adapter(name, tenant.owner(), base, file))
                    .onComplete(done -> routing.vertx().fileSystem().delete(file.toString())))
        .onComplete(done -> underWay--)
        .onSuccess(registration -> RegistryScope.answer(routing, registration))
        .onFailure(failure -> failed(routing, failure));
  }

  private void fetch(RoutingContext routing, Registrations registry, String base) {
    Optional<Problem> unsupported = JobBody.unsupported(routing.request());
    if (unsupported.isPresent()) {
      JobBody.refuseUnread(
          routing,
          Problem.of(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE,
              "send the file as %s, or its source as %s".formatted(BYTES, Answer.JSON)));
      return;
    }
    String name = routing.pathParam("name");
    Tenant tenant = Gate.tenant(routing);
    underWay++;
    new JobBody(DOCUMENT_BYTES)
        .read(routing.request())
        .compose(
            document ->
                calls.call(
                    () ->
                        switch (RegistryReader.adapter(document, base)) {
                          case Validated.Invalid<AdapterDraft>(var problems) ->
                              new Registration.Refused<AdapterVersion>(Problem.of(problems));
                          case Validated.Valid<AdapterDraft>(var draft) ->
                              registry.adapter(name, tenant.owner(), draft);
                        }))
        .onComplete(done -> underWay--)
        .onSuccess(registration -> RegistryScope.answer(routing, registration))
        .onFailure(failure -> failed(routing, failure));
  }

  private void remove(RoutingContext routing, Registrations registry) {
    String name = routing.pathParam("name");
    Tenant tenant = Gate.tenant(routing);
    RegistryScope.remove(routing, calls, version -> removed(registry, tenant, name, version));
  }

  private Registration<Removed> removed(
      Registrations registry, Tenant tenant, String name, OptionalInt version) {
    List<AdapterVersion> removed = registry.removeAdapter(tenant.owner(), name, version);
    if (!removed.isEmpty()) {
      return new Registration.Done<>(new Removed(1, removed));
    }
    boolean shared =
        tenant.owner().isPresent()
            && !registry.view().adapterVersions(Optional.empty(), name).isEmpty();
    return new Registration.Refused<>(unknown(name, shared));
  }

  private static Problem unknown(String name, boolean shared) {
    return RegistryScope.notYours(ErrorCode.UNKNOWN_ADAPTER, "adapter '" + name + "'", shared);
  }

  private void bases(RoutingContext routing, Registrations registry) {
    calls.answer(routing, registry::bases, bases -> Answer.json(routing, 200, new Bases(1, bases)));
  }

  private void putBase(RoutingContext routing, Registrations registry) {
    if (Gate.tenant(routing).owner().isPresent()) {
      JobBody.refuseUnread(routing, forOperators());
      return;
    }
    String id = routing.pathParam("base");
    new JobBody(DOCUMENT_BYTES)
        .read(routing.request())
        .compose(document -> calls.call(() -> declared(registry, id, document)))
        .onSuccess(registration -> RegistryScope.answer(routing, registration))
        .onFailure(failure -> failed(routing, failure));
  }

  private void removeBase(RoutingContext routing, Registrations registry) {
    if (Gate.tenant(routing).owner().isPresent()) {
      Answer.problem(routing, forOperators());
      return;
    }
    String id = routing.pathParam("base");
    calls.answer(
        routing, () -> removedBase(registry, id), done -> RegistryScope.answer(routing, done));
  }

  private static Registration<RemovedBases> removedBase(Registrations registry, String id) {
    List<BaseVersion> removed = registry.removeBase(id);
    return removed.isEmpty()
        ? new Registration.Refused<>(
            Problem.of(ErrorCode.UNKNOWN_BASE, "no base '" + id + "' is declared"))
        : new Registration.Done<>(new RemovedBases(1, removed));
  }

  private static Problem forOperators() {
    return Problem.of(ErrorCode.FORBIDDEN, "bases are for all tenants; use a key of an operator");
  }

  private static Registration<BaseVersion> declared(
      Registrations registry, String id, byte[] document) {
    return switch (RegistryReader.base(document)) {
      case Validated.Invalid<BaseDeclaration>(var problems) ->
          new Registration.Refused<>(Problem.of(problems));
      case Validated.Valid<BaseDeclaration>(var base) ->
          base.id().equals(id)
              ? new Registration.Done<>(registry.base(base))
              : new Registration.Refused<>(TaskOperations.otherId(id, base.id()));
    };
  }

  private void failed(RoutingContext routing, Throwable failure) {
    switch (failure) {
      case UploadedFile.TooLargeException large ->
          JobBody.refuseUnread(
              routing,
              Problem.of(
                  ErrorCode.BODY_TOO_LARGE,
                  large.getMessage() + "; the operator raises the limit by adapterMegabytes"));
      case JobBody.OversizedException large ->
          JobBody.refuseUnread(routing, Problem.of(ErrorCode.BODY_TOO_LARGE, large.getMessage()));
      default -> Answer.problem(routing, Answer.problem(failure));
    }
  }
}
