package dev.polyptych.weights.model;

import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A network's tensor as a file holds it: some of the rows of a stored tensor, times a scale.
 *
 * @param key the file's name of the stored tensor
 * @param shape of the network's tensor
 * @param offset of its first byte in the stored tensor
 * @param swapped whether its second half comes first in the file
 * @param scale the values are the stored ones times this
 * @param fullPrecision whether the file says that a product with it needs wide operands
 */
public record StoredTensor(
    SafetensorsFile file,
    String key,
    TensorType type,
    List<Long> shape,
    long offset,
    boolean swapped,
    double scale,
    boolean fullPrecision) {
  public StoredTensor {
    shape = List.copyOf(shape);
  }

  /** Its stored values, little-endian, from position to limit, in a direct buffer. */
  public ByteBuffer bytes() {
    ByteBuffer stored = file.bytes(key);
    int length = Math.toIntExact(shape.stream().reduce((long) type.bytes(), Math::multiplyExact));
    ByteBuffer rows = stored.slice(Math.toIntExact(offset), length);
    if (!swapped) {
      return rows.order(ByteOrder.LITTLE_ENDIAN);
    }
    int half = length / 2;
    return ByteBuffer.allocateDirect(length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(rows.slice(half, half))
        .put(rows.slice(0, half))
        .flip();
  }
}
