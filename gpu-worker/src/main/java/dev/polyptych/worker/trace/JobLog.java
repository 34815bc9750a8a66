package dev.polyptych.worker.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import org.slf4j.spi.LoggingEventBuilder;

/** Lines about one job: all name it, and its trace where it has one. Keys: docs/logs.md. */
public final class JobLog {
  private JobLog() {}

  /** A line on a thread on which the job's span is the current one. */
  public static LoggingEventBuilder about(LoggingEventBuilder line, String job) {
    SpanContext span = Span.current().getSpanContext();
    LoggingEventBuilder named = line.addKeyValue("job", job);
    return span.isValid() ? named.addKeyValue("trace", span.getTraceId()) : named;
  }
}
