package dev.polyptych.schema.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String CALLERS = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void theCallersTraceGoesOn() {
    assertEquals(CALLERS, TraceParent.of(CALLERS).text());
  }

  @Test
  void itsPartsAreThoseOfTheHeader() {
    TraceParent parent = TraceParent.of(CALLERS);

    assertEquals("4bf92f3577b34da6a3ce929d0e0e4736", parent.traceId());
    assertEquals("00f067aa0ba902b7", parent.spanId());
    assertEquals("01", parent.flags());
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "hello",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nX: y",
      })
  void aTraceIsMadeWhereThereIsNone(String header) {
    TraceParent made = TraceParent.of(header);

    assertTrue(made.text().matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"), made.text());
    assertNotEquals(made, TraceParent.of(header));
  }
}
