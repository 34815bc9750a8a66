package dev.polyptych.weights.gguf;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes headers, right or wrong ones. */
public final class GgufBytes {
  public static final int MAGIC = 0x46554747;
  public static final int F32 = 0;
  public static final int Q8_0 = 8;
  public static final int Q4_K = 12;
  private static final int ALIGNMENT = 32;

  private final List<byte[]> metadata = new ArrayList<>();
  private final List<byte[]> tensors = new ArrayList<>();
  private int version = 3;
  private long offset;

  public GgufBytes version(int other) {
    version = other;
    return this;
  }

  /** Adds an entry of the metadata whose value has these bytes. */
  public GgufBytes entry(String key, int type, byte[] value) {
    metadata.add(join(text(key), numbers32(type), value));
    return this;
  }

  public GgufBytes string(String key, String value) {
    return entry(key, 8, text(value));
  }

  /** Adds a tensor where it says it is. */
  public GgufBytes tensor(String name, int type, long at, long... dimensions) {
    tensors.add(
        join(
            text(name),
            numbers32(dimensions.length),
            numbers64(dimensions),
            numbers32(type),
            numbers64(at)));
    return this;
  }

  /**
   * Adds a tensor behind the one before.
   *
   * @param shape row-major
   */
  public GgufBytes tensor(String name, int type, long bytes, List<Long> shape) {
    tensor(name, type, offset, shape.reversed().stream().mapToLong(Long::longValue).toArray());
    offset = (offset + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return this;
  }

  /** The header, padded to the beginning of the data. */
  public byte[] header() {
    return header(tensors.size(), metadata.size());
  }

  /** A header that says it has so many tensors and entries. */
  public byte[] header(long tensorCount, long entryCount) {
    byte[] all = join(numbers32(MAGIC, version), numbers64(tensorCount, entryCount));
    for (byte[] entry : metadata) {
      all = join(all, entry);
    }
    all = join(all, join(tensors.toArray(byte[][]::new)));
    return Arrays.copyOf(all, (all.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }

  /** Writes the file. Its data is a hole, so that it takes no space on the disk. */
  public Path write(Path file) throws IOException {
    byte[] header = header();
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(header);
      out.setLength(header.length + offset);
    }
    return file;
  }

  public static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return join(numbers64(bytes.length), bytes);
  }

  public static byte[] numbers32(int... numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(numbers);
    return bytes.array();
  }

  public static byte[] numbers64(long... numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(numbers);
    return bytes.array();
  }

  public static byte[] join(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }
}
