package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.console.ConsoleFiles;
import dev.polyptych.dispatcher.console.ContractFiles;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobId;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Joins contract and handlers. The gate checks keys and the handlers check inputs; the router
 * checks neither. The handlers' checks name the field and the remedy, and the worker repeats them.
 */
public final class ApiRouter {
  /** The key under which a request stores its name for the metrics. */
  static final String OPERATION = "operation";

  private final Gate gate;
  private final DispatcherMetrics metrics;
  private final RequestSpans spans;

  public ApiRouter(Gate gate, DispatcherMetrics metrics, Tracer tracer) {
    this.gate = gate;
    this.metrics = metrics;
    this.spans = new RequestSpans(tracer);
  }

  Router router(Vertx vertx, OpenAPIContract contract, List<ApiOperation> operations) {
    RouterBuilder builder = RouterBuilder.create(vertx, contract).rootHandler(this::count);
    operations.forEach(
        operation ->
            builder
                .getRoute(operation.id())
                .setDoValidation(false)
                .setDoSecurity(false)
                .addHandler(routing -> handle(contract, operation, routing)));
    Router router = builder.createRouter();
    new ConsoleRoutes(ConsoleFiles.load()).mount(router);
    new ContractRoutes(ContractFiles.load()).mount(router);
    router.errorHandler(400, ApiRouter::unknownPath);
    router.errorHandler(404, ApiRouter::unknownPath);
    router.errorHandler(405, routing -> methodNotAllowed(contract, routing));
    router.errorHandler(500, routing -> Answer.problem(routing, Answer.problem(routing.failure())));
    return router;
  }

  private void count(RoutingContext routing) {
    // Count at the head: a caller that has read the answer finds it counted. Streams end late.
    routing.addHeadersEndHandler(
        head -> {
          String operation = routing.get(OPERATION, "none");
          metrics.answered(operation, routing.response().getStatusCode());
        });
    routing.next();
  }

  private void handle(OpenAPIContract contract, ApiOperation operation, RoutingContext routing) {
    // The router reads what follows a colon as a part of an id or as any text.
    List<Operation> there = RoutableContract.at(contract, routing.normalizedPath());
    boolean other = there.stream().noneMatch(at -> at.getOperationId().equals(operation.id()));
    if (there.isEmpty() || (other && RoutableContract.isAction(there.getFirst()))) {
      methodNotAllowed(contract, routing);
      return;
    }
    routing.put(OPERATION, operation.id());
    spans.begin(routing, operation.id());
    if (!gate.lets(routing)) {
      return;
    }
    String id = routing.pathParam("id");
    if (id != null && !JobId.valid(id)) {
      Answer.unknownJob(routing, "of this id; ids have 1 to 64 letters, digits, '-' or '_'");
    } else {
      operation.handler().handle(routing);
    }
  }

  private static void unknownPath(RoutingContext routing) {
    Answer.problem(routing, ErrorCode.UNKNOWN_PATH, "/openapi.yaml lists the paths there are");
  }

  private static void methodNotAllowed(OpenAPIContract contract, RoutingContext routing) {
    List<Operation> there = RoutableContract.at(contract, routing.normalizedPath());
    if (there.isEmpty()) {
      unknownPath(routing);
      return;
    }
    String allowed =
        there.stream()
            .map(operation -> operation.getHttpMethod().name())
            .sorted()
            .collect(Collectors.joining(", "));
    routing.response().putHeader(HttpHeaders.ALLOW, allowed);
    Answer.problem(
        routing,
        ErrorCode.METHOD_NOT_ALLOWED,
        routing.request().method() + " is not allowed here; allowed: " + allowed);
  }
}
