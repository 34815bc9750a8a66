package dev.polyptych.engine.model;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;

/**
 * Memory for the tensor that is being decoded: as much as the largest one needs, and freed at once
 * when it is closed. Buffers that wait for the garbage collector could take as much as the heap.
 */
final class DecodingRoom implements AutoCloseable {
  /** A shared arena, because several threads decode a tensor. */
  private Arena arena = Arena.ofShared();

  private ByteBuffer room = ByteBuffer.allocateDirect(0);

  /** A direct buffer of that many bytes. The one before is not valid any more. */
  ByteBuffer of(int bytes) {
    if (room.capacity() < bytes) {
      arena.close();
      arena = Arena.ofShared();
      room = arena.allocate(bytes).asByteBuffer();
    }
    return room.slice(0, bytes);
  }

  @Override
  public void close() {
    arena.close();
  }
}
