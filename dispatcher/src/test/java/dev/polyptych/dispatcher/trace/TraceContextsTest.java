package dev.polyptych.dispatcher.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.topic.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TraceContextsTest {
  @Test
  void spansThatContinueAParentBelongToItsTrace() {
    TraceParent parent = TraceParent.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    SpanContext remote = Span.fromContext(TraceContexts.context(parent)).getSpanContext();

    assertEquals(parent.traceId(), remote.getTraceId());
    assertTrue(remote.isSampled() && remote.isRemote(), remote::toString);
    assertEquals(Optional.of(parent), TraceContexts.parentOf(remote));
  }

  @Test
  void aContextWithoutATraceHasNoParent() {
    assertEquals(Optional.empty(), TraceContexts.parentOf(SpanContext.getInvalid()));
  }
}
