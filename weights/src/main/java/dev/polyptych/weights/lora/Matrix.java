package dev.polyptych.weights.lora;

import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorEntry;
import dev.polyptych.weights.safetensors.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A matrix in host memory with the bytes that its file had: row-major, little-endian. A direct
 * buffer goes to a device without another copy. Never changes. Any thread may read it.
 *
 * @param type F32, F16 or BF16
 * @param bytes all values from position 0 to capacity; read it through a duplicate
 */
public record Matrix(TensorType type, int rows, int columns, ByteBuffer bytes) {
  /**
   * @throws IllegalArgumentException if the buffer is not of the matrix's size
   */
  public Matrix {
    long length = (long) rows * columns * type.bytes();
    if (bytes.capacity() != length) {
      throw new IllegalArgumentException(
          "a %d x %d matrix of %s takes %d bytes, not %d"
              .formatted(rows, columns, type, length, bytes.capacity()));
    }
  }

  /** Copies a two-dimensional tensor out of its file. */
  static Matrix read(SafetensorsFile file, String key) {
    Matrix mapped = mapped(file, key);
    return new Matrix(mapped.type(), mapped.rows(), mapped.columns(), copy(mapped.bytes()));
  }

  /** A two-dimensional tensor that stays in its file. Don't keep it longer than the file. */
  static Matrix mapped(SafetensorsFile file, String key) {
    TensorEntry entry = file.entry(key);
    int rows = Math.toIntExact(entry.shape().get(0));
    int columns = Math.toIntExact(entry.shape().get(1));
    return new Matrix(entry.type(), rows, columns, file.bytes(key));
  }

  /** A copy of the block that starts at {@code row} and {@code column}. */
  Matrix part(int row, int rows, int column, int columns) {
    ByteBuffer part = direct(rows * columns * type.bytes());
    for (int i = row; i < row + rows; i++) {
      part.put(bytes.slice((i * this.columns + column) * type.bytes(), columns * type.bytes()));
    }
    return new Matrix(type, rows, columns, part.flip());
  }

  /** A copy of some rows, with all their columns. */
  Matrix rows(int row, int rows) {
    return part(row, rows, 0, columns);
  }

  /** A copy in which the second half of the rows comes first. */
  Matrix halvesSwapped() {
    int half = rows / 2;
    ByteBuffer swapped = direct(bytes.capacity());
    swapped.put(rows(half, rows - half).bytes()).put(rows(0, half).bytes());
    return new Matrix(type, rows, columns, swapped.flip());
  }

  /** Whether every value is 0 or -0. */
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

  /** Rows, columns. */
  public List<Long> shape() {
    return List.of((long) rows, (long) columns);
  }

  /** Bytes. */
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
