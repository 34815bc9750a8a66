package dev.polyptych.engine.model;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;

/**
 * Memory for the tensor that is being decoded: as much as the largest one needs, and freed at once
 * when it is closed. Buffers that wait for the garbage collector could take as much as the heap.
 */
final class DecodingRoom implements AutoCloseable {
  private Arena arena = arena();
  private ByteBuffer room = ByteBuffer.allocateDirect(0);

  /** Shared, because several threads decode a tensor. */
  @SuppressWarnings("MustBeClosedChecker") // close() closes it
  private static Arena arena() {
    return Arena.ofShared();
  }

  /** A direct buffer of that many bytes. The one before is not valid any more. */
  ByteBuffer of(int bytes) {
    if (room.capacity() < bytes) {
      arena.close();
      arena = arena();
      room = arena.allocate(bytes).asByteBuffer();
    }
    return room.slice(0, bytes);
  }

  @Override
  public void close() {
    arena.close();
  }
}
