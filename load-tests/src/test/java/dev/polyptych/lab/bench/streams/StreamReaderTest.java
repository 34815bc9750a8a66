package dev.polyptych.lab.bench.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StreamReaderTest {
  private static final String ANSWER =
      """
      HTTP/1.1 200 OK\r
      content-type: text/event-stream\r
      transfer-encoding: chunked\r
      \r
      d\r
      retry: 1000

      \r
      5a\r
      id: 5-0
      event: rendering
      data: {"v":1,"state":"rendering","attempt":1,"step":7,"steps":20}

      \r
      """;

  private final List<Integer> steps = new ArrayList<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final StreamReader reader = new StreamReader(opened::incrementAndGet, steps::add);

  @Test
  void eventsAreReadHoweverTheirBytesCome() {
    for (byte one : ANSWER.getBytes(US_ASCII)) {
      reader.received(ByteBuffer.wrap(new byte[] {one}));
    }
    reader.received(ByteBuffer.wrap(ANSWER.getBytes(US_ASCII)));

    assertEquals(List.of(7, 7), steps);
    assertEquals(2, opened.get());
  }

  @Test
  void aRefusalIsNoStream() {
    ByteBuffer refusal = ByteBuffer.wrap("HTTP/1.1 503 Unavailable\r\n".getBytes(US_ASCII));

    assertThrows(IllegalStateException.class, () -> reader.received(refusal));
  }
}
