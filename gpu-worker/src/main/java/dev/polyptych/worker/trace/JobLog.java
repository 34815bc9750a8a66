package dev.polyptych.worker.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import org.slf4j.spi.LoggingEventBuilder;

/** Log lines about one job. Each names the job, and its trace if it has one. Keys: docs/logs.md. */
public final class JobLog {
  private JobLog() {}

  /** Call it on a thread on which the job's span is the current span. */
  public static LoggingEventBuilder about(LoggingEventBuilder line, String job) {
    SpanContext span = Span.current().getSpanContext();
    LoggingEventBuilder named = line.addKeyValue("job", job);
    return span.isValid() ? named.addKeyValue("trace", span.getTraceId()) : named;
  }
}
