package dev.polyptych.dispatcher.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.ErrorKind;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.job.Outcome;
import dev.polyptych.schema.json.Json;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the answers that have a JSON body. */
final class Answer {
  static final String JSON = "application/json";
  static final String PROBLEM = "application/problem+json";

  private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

  /** While a backend is down, it is probed every half second. An earlier retry gains nothing. */
  private static final long RETRY_AFTER_SECONDS = 2;

  private Answer() {}

  static void json(RoutingContext routing, int status, Object record) {
    send(routing, status, JSON, Json.bytes(record));
  }

  /** Sends JSON that is already serialized. */
  static void written(RoutingContext routing, int status, byte[] json) {
    send(routing, status, JSON, json);
  }

  static void problem(RoutingContext routing, ErrorCode code, String detail) {
    problem(routing, Problem.of(code, detail));
  }

  static void problem(RoutingContext routing, Problem problem) {
    if (problem.code().kind() == ErrorKind.CAPACITY) {
      long seconds = problem.limit().map(LimitHit::retryAfterSeconds).orElse(RETRY_AFTER_SECONDS);
      routing.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }
    send(routing, problem.status(), PROBLEM, Json.bytes(problem));
  }

  static void unknownJob(RoutingContext routing, String id) {
    problem(routing, ErrorCode.UNKNOWN_JOB, "there is no job " + id);
  }

  static void unknownBatch(RoutingContext routing, String batch) {
    problem(routing, ErrorCode.UNKNOWN_BATCH, "there is no batch " + batch);
  }

  /** Sends a problem document with the outcome as an extension member. */
  static void gone(RoutingContext routing, String id, Outcome outcome) {
    String detail =
        "job %s ended %s at %s; its record is no longer kept"
            .formatted(id, outcome.state().text(), outcome.finished());
    Problem problem = Problem.of(ErrorCode.RECORD_EXPIRED, detail);
    ObjectNode document = Json.mapper().valueToTree(problem);
    document.set("outcome", Json.mapper().valueToTree(outcome));
    send(routing, problem.status(), PROBLEM, Json.bytes(document));
  }

  /** The problem document of a failed call. */
  static Problem problem(Throwable failure) {
    return switch (failure) {
      case OverloadedException full ->
          Problem.of(ErrorCode.OVERLOADED, full.getMessage() + "; send it again");
      case StoreUnavailableException away -> {
        LOG.debug("answered 503: {}", away.getMessage());
        yield Problem.of(ErrorCode.STORE_UNAVAILABLE, "send the request again");
      }
      case ObjectsUnavailableException away -> {
        LOG.warn("answered 503: {}", away.getMessage());
        yield Problem.of(ErrorCode.OBJECTS_UNAVAILABLE, "send the request again");
      }
      case null, default -> {
        LOG.error("answered 500", failure);
        yield Problem.of(
            ErrorCode.INTERNAL_ERROR,
            "the request failed in an unforeseen way; the log of the service says how");
      }
    };
  }

  private static void send(RoutingContext routing, int status, String type, byte[] body) {
    HttpServerResponse response = routing.response();
    if (response.closed() || response.headWritten()) {
      return;
    }
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type);
    response.end(Buffer.buffer(body));
  }
}
