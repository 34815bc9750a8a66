package dev.polyptych.weights.lora;

import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorEntry;
import dev.polyptych.weights.safetensors.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A matrix in host memory as its file had it: row-major, little-endian, in a direct buffer, so that
 * it goes to the device without another copy. Never changed once made; any thread.
 *
 * @param type F32, F16 or BF16
 * @param bytes exactly the values, position 0; read it through a duplicate
 */
public record Matrix(TensorType type, int rows, int columns, ByteBuffer bytes) {
  /** Copies a tensor of two dimensions out of its file. */
  static Matrix read(SafetensorsFile file, String key) {
    TensorEntry entry = file.entry(key);
    int rows = Math.toIntExact(entry.shape().get(0));
    int columns = Math.toIntExact(entry.shape().get(1));
    return new Matrix(entry.type(), rows, columns, copy(file.bytes(key)));
  }

  /** The part of it from {@code row} and {@code column} on. */
  Matrix part(int row, int rows, int column, int columns) {
    ByteBuffer part = direct(rows * columns * type.bytes());
    for (int i = row; i < row + rows; i++) {
      part.put(bytes.slice((i * this.columns + column) * type.bytes(), columns * type.bytes()));
    }
    return new Matrix(type, rows, columns, part.flip());
  }

  /** All columns of some rows. */
  Matrix rows(int row, int rows) {
    return part(row, rows, 0, columns);
  }

  /** The second half of its rows above the first. */
  Matrix halvesSwapped() {
    int half = rows / 2;
    ByteBuffer swapped = direct(bytes.capacity());
    swapped.put(rows(half, rows - half).bytes()).put(rows(0, half).bytes());
    return new Matrix(type, rows, columns, swapped.flip());
  }

  /** Whether every value is 0 (of either sign). */
  boolean zero() {
    ByteBuffer values = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      boolean zero = type.bytes() == 2 ? (values.getShort() & 0x7FFF) == 0 : values.getFloat() == 0;
      if (!zero) {
        return false;
      }
    }
    return true;
  }

  public List<Long> shape() {
    return List.of((long) rows, (long) columns);
  }

  long length() {
    return bytes.capacity();
  }

  private static ByteBuffer copy(ByteBuffer source) {
    return direct(source.remaining()).put(source).flip();
  }

  private static ByteBuffer direct(int length) {
    return ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
