package dev.polyptych.dispatcher.trace;

import dev.polyptych.schema.topic.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.Optional;

/** Converts between the contract's trace parents and OpenTelemetry's contexts. */
public final class TraceContexts {
  private TraceContexts() {}

  /** Empty for a context that names no trace. */
  public static Optional<TraceParent> parentOf(SpanContext span) {
    return span.isValid()
        ? TraceParent.parse(
            "00-%s-%s-%s"
                .formatted(span.getTraceId(), span.getSpanId(), span.getTraceFlags().asHex()))
        : Optional.empty();
  }

  /** The parent of spans that continue the trace. */
  public static Context context(TraceParent parent) {
    SpanContext span =
        SpanContext.createFromRemoteParent(
            parent.traceId(),
            parent.spanId(),
            TraceFlags.fromHex(parent.flags(), 0),
            TraceState.getDefault());
    return Context.root().with(Span.wrap(span));
  }
}
