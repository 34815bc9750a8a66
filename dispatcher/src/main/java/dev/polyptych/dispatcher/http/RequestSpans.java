package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.trace.TraceContexts;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.schema.topic.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Creates the span of each request, from its head to the head of its answer. */
final class RequestSpans {
  private final Tracer tracer;

  RequestSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  /**
   * Replaces the request's {@code traceparent} by that of its span, so that later spans continue
   * from it. Without an SDK the span has its parent's context, and nothing changes.
   */
  void begin(RoutingContext routing, String operation) {
    HttpServerRequest request = routing.request();
    Span span =
        tracer
            .spanBuilder(operation)
            .setParent(parent(request))
            .setSpanKind(SpanKind.SERVER)
            .setAttribute("http.request.method", request.method().name())
            .startSpan();
    TraceContexts.parentOf(span.getSpanContext())
        .ifPresent(own -> request.headers().set(Topics.HEADER_TRACEPARENT, own.text()));
    routing.addHeadersEndHandler(head -> end(span, routing.response().getStatusCode()));
    routing.addEndHandler(over -> span.end());
  }

  private static void end(Span span, int status) {
    span.setAttribute("http.response.status_code", status);
    if (status >= 500) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  private static Context parent(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(Topics.HEADER_TRACEPARENT))
        .flatMap(TraceParent::parse)
        .map(TraceContexts::context)
        .orElse(Context.root());
  }
}
