package dev.polyptych.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class DecodingRoomTest {
  @Test
  void givesTheSameMemoryUntilMoreIsNeeded() {
    try (DecodingRoom room = new DecodingRoom()) {
      ByteBuffer first = room.of(100);
      first.put(7, (byte) 42);

      ByteBuffer second = room.of(10);

      assertTrue(second.isDirect());
      assertEquals(10, second.remaining());
      assertEquals(42, second.get(7));
      assertEquals(200, room.of(200).remaining());
      assertThrows(IllegalStateException.class, () -> first.get(0));
    }
  }

  @Test
  void freesItsMemoryAtOnce() {
    DecodingRoom room = new DecodingRoom();
    ByteBuffer buffer = room.of(100);

    room.close();

    assertThrows(IllegalStateException.class, () -> buffer.get(0));
  }
}
