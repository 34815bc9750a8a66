package dev.polyptych.weights.model;

import dev.polyptych.weights.safetensors.TensorFile;
import dev.polyptych.weights.safetensors.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A network's tensor as a file holds it: some of the rows of a stored tensor, times a scale.
 *
 * @param key the file's name of the stored tensor
 * @param type of its values when they are read
 * @param shape of the network's tensor
 * @param first index of its first value in the stored tensor
 * @param swapped whether its second half comes first in the file
 * @param scale the values are the stored ones times this
 * @param fullPrecision whether the file says that a product with it needs wide operands
 */
public record StoredTensor(
    TensorFile file,
    String key,
    TensorType type,
    List<Long> shape,
    long first,
    boolean swapped,
    double scale,
    boolean fullPrecision) {
  public StoredTensor {
    shape = List.copyOf(shape);
  }

  /** Its bytes in the file. */
  public long storedBytes() {
    return file.storedBytes(key, count());
  }

  private long count() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /**
   * Its stored values, little-endian, from position to limit, in a direct buffer.
   *
   * @param room gives a direct buffer of that many bytes, if values must be decoded
   */
  public ByteBuffer bytes(IntFunction<ByteBuffer> room) {
    if (!swapped) {
      return file.values(key, first, count(), room);
    }
    long half = count() / 2;
    return ByteBuffer.allocateDirect(Math.toIntExact(count() * type.bytes()))
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(file.values(key, first + half, half, room))
        .put(file.values(key, first, half, room))
        .flip();
  }
}
