package dev.polyptych.weights.lora;

import dev.polyptych.weights.safetensors.Float8;
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

  /**
   * Copies a tensor of one or two dimensions out of its file. One of one dimension becomes a row;
   * types of 8 bits become F16, which loses nothing, and F64 becomes F32.
   */
  static Matrix read(SafetensorsFile file, String key) {
    Matrix mapped = mapped(file, key);
    boolean copied = mapped.type() != file.entry(key).type();
    ByteBuffer bytes = copied ? mapped.bytes() : copy(mapped.bytes());
    return new Matrix(mapped.type(), mapped.rows(), mapped.columns(), bytes);
  }

  /**
   * As {@link #read}, but a tensor of a loadable type stays in its file. Don't keep it longer than
   * the file.
   */
  static Matrix mapped(SafetensorsFile file, String key) {
    TensorEntry entry = file.entry(key);
    List<Long> shape = entry.shape();
    int rows = shape.size() == 1 ? 1 : Math.toIntExact(shape.get(0));
    int columns = Math.toIntExact(shape.getLast());
    return switch (entry.type()) {
      case F32, F16, BF16 -> new Matrix(entry.type(), rows, columns, file.bytes(key));
      case F64 -> new Matrix(TensorType.F32, rows, columns, singles(file.bytes(key)));
      case F8_E4M3 -> new Matrix(TensorType.F16, rows, columns, halves(file.bytes(key), true));
      case F8_E5M2 -> new Matrix(TensorType.F16, rows, columns, halves(file.bytes(key), false));
      case BOOL, U8, I8, I16, U16, I32, U32, I64, U64 ->
          throw new IllegalArgumentException(key + " is of type " + entry.type());
    };
  }

  private static ByteBuffer singles(ByteBuffer doubles) {
    ByteBuffer singles = direct(doubles.remaining() / 2);
    while (doubles.hasRemaining()) {
      singles.putFloat((float) doubles.getDouble());
    }
    return singles.flip();
  }

  private static ByteBuffer halves(ByteBuffer eighths, boolean e4m3) {
    ByteBuffer halves = direct(Math.multiplyExact(2, eighths.remaining()));
    while (eighths.hasRemaining()) {
      byte bits = eighths.get();
      halves.putShort(e4m3 ? Float.floatToFloat16(Float8.e4m3(bits)) : (short) (bits << 8));
    }
    return halves.flip();
  }

  /** The same values as one row. */
  Matrix flat() {
    return new Matrix(type, 1, Math.multiplyExact(rows, columns), bytes);
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

  /** A copy of some values of a matrix of one row. */
  Matrix values(int from, int count) {
    return part(0, 1, from, count);
  }

  /** A copy of a matrix of one row in which the second half of the values comes first. */
  Matrix valuesSwapped() {
    Matrix swapped = new Matrix(type, columns, 1, bytes).halvesSwapped();
    return swapped.flat();
  }

  /** A copy in which the second half of the rows comes first. */
  Matrix halvesSwapped() {
    int half = rows / 2;
    ByteBuffer swapped = direct(bytes.capacity());
    swapped.put(rows(half, rows - half).bytes()).put(rows(0, half).bytes());
    return new Matrix(type, rows, columns, swapped.flip());
  }

  /** The same with columns of zeros at the end, so that it has this number of them. */
  Matrix widened(int columns) {
    if (columns == this.columns) {
      return this;
    }
    ByteBuffer wide = direct(rows * columns * type.bytes());
    int length = this.columns * type.bytes();
    for (int row = 0; row < rows; row++) {
      wide.put(row * columns * type.bytes(), bytes, row * length, length);
    }
    return new Matrix(type, rows, columns, wide);
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
