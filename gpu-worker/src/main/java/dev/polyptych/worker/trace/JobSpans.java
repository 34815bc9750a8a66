package dev.polyptych.worker.trace;

import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.worker.intake.Delivery;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes the spans of jobs: {@code wait} from the record to its claim, {@code render} for an attempt
 * on the render thread, and a child span for each stage. Without an SDK they record nothing and
 * cost almost nothing; the trace context is passed on.
 */
public final class JobSpans {
  private final Tracer tracer;

  public JobSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  /** The span of an attempt. The current span of its thread until it is closed there. */
  public static final class Attempt implements AutoCloseable {
    private final Span span;
    private final Scope scope;

    @SuppressWarnings("MustBeClosedChecker") // close does it
    private Attempt(Span span) {
      this.span = span;
      this.scope = span.makeCurrent();
    }

    /**
     * @param outcome one of a handful
     */
    public void ended(String outcome) {
      span.setAttribute("polyptych.outcome", outcome);
    }

    @Override
    public void close() {
      scope.close();
      span.end();
    }
  }

  /** Begins an attempt. Ends the job's wait. */
  public Attempt begin(Delivery delivery, int attempt) {
    Context producer =
        delivery
            .headers()
            .traceparent()
            .flatMap(TraceParent::parse)
            .map(JobSpans::context)
            .orElse(Context.root());
    tracer
        .spanBuilder("wait")
        .setParent(producer)
        .setStartTimestamp(delivery.arrivedAt())
        .startSpan()
        .end();
    return new Attempt(
        tracer
            .spanBuilder("render")
            .setParent(producer)
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute("polyptych.job", delivery.id())
            .setAttribute("polyptych.task", delivery.job().task())
            .setAttribute("polyptych.adapter", delivery.adapter())
            .setAttribute("polyptych.lane", delivery.lane().text())
            .setAttribute("polyptych.attempt", attempt)
            .startSpan());
  }

  /** Runs a stage in a child span of the current span. */
  public <T> T step(String name, Supplier<T> work) {
    Span span = tracer.spanBuilder(name).startSpan();
    try (Scope _ = span.makeCurrent()) {
      return work.get();
    } catch (RuntimeException | Error failed) {
      span.setStatus(StatusCode.ERROR, failed.toString());
      throw failed;
    } finally {
      span.end();
    }
  }

  /** As {@link #step(String, Supplier)}. */
  public void run(String name, Runnable work) {
    Optional<Void> _ =
        step(
            name,
            () -> {
              work.run();
              return Optional.empty();
            });
  }

  private static Context context(TraceParent parent) {
    SpanContext span =
        SpanContext.createFromRemoteParent(
            parent.traceId(),
            parent.spanId(),
            TraceFlags.fromHex(parent.flags(), 0),
            TraceState.getDefault());
    return Context.root().with(Span.wrap(span));
  }
}
