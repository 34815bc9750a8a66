package dev.polyptych.weights.safetensors;

import dev.polyptych.weights.digest.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * An open safetensors file. Opening reads and checks the header. A tensor's data is mapped only
 * when the caller asks for it, so a 24 GB file takes no heap. Any thread may read.
 *
 * <p>A mapping outlives {@link #close()}; the garbage collector frees it with its buffer. The file
 * must not be truncated while a mapping exists.
 */
public final class SafetensorsFile implements TensorFile {
  private static final int PREFIX = Long.BYTES;

  private final Path path;
  private final FileChannel channel;
  private final SafetensorsHeader header;
  private final long dataStart;

  private SafetensorsFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    byte[] json = headerBytes(path, channel);
    this.dataStart = (long) PREFIX + json.length;
    this.header = SafetensorsHeader.parse(path, json, channel.size() - dataStart);
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws SafetensorsException if the file can't be read or its header is wrong in any way
   */
  public static SafetensorsFile open(Path path) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      return new SafetensorsFile(path, channel);
    } catch (IOException e) {
      closeQuietly(channel);
      throw new SafetensorsException(path, "can't be read: " + e, e);
    } catch (SafetensorsException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public Set<String> names() {
    return header.tensors().keySet();
  }

  /** The strings of {@code __metadata__}; empty if the header has none. */
  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * Compares the file's tensors with the digest that it was written with.
   *
   * @return false if it has no digest
   * @throws SafetensorsException if the content is not what was written
   */
  public boolean checkDigest() {
    String written = metadata().get(SafetensorsHeader.DIGEST);
    if (written == null) {
      return false;
    }
    MessageDigest digest = Sha256.newDigest();
    for (TensorEntry entry : header.tensors().values()) {
      digest.update(SafetensorsHeader.digestLine(entry.name(), entry.type(), entry.shape()));
      digest.update(bytes(entry.name()));
    }
    if (!written.equals(HexFormat.of().formatHex(digest.digest()))) {
      throw new SafetensorsException(
          path, "was damaged after it was written: its content does not match its digest");
    }
    return true;
  }

  /**
   * Type, shape and place of a tensor.
   *
   * @throws SafetensorsException if the file has no tensor of that name
   */
  @Override
  public TensorEntry entry(String name) {
    TensorEntry entry = header.tensors().get(name);
    if (entry == null) {
      throw new SafetensorsException(path, "has no tensor '" + name + "'");
    }
    return entry;
  }

  @Override
  public String storedType(String name) {
    return entry(name).type().name();
  }

  @Override
  public long storedBytes(String name, long values) {
    return values * entry(name).type().bytes();
  }

  /**
   * Maps some values of a tensor.
   *
   * @throws SafetensorsException if the tensor is missing, or they are larger than one mapping (2
   *     GiB)
   */
  @Override
  public ByteBuffer values(String name, long first, long count, IntFunction<ByteBuffer> room) {
    int width = entry(name).type().bytes();
    return mapped(entry(name), first * width, count * width);
  }

  /**
   * A tensor's bytes: a direct, little-endian, read-only mapping of exactly its length.
   *
   * @throws SafetensorsException if the tensor is missing, or larger than one mapping (2 GiB)
   */
  public ByteBuffer bytes(String name) {
    return mapped(entry(name), 0, entry(name).length());
  }

  private ByteBuffer mapped(TensorEntry entry, long offset, long length) {
    if (length > Integer.MAX_VALUE) {
      throw new SafetensorsException(path, "tensor '" + entry.name() + "' is larger than 2 GiB");
    }
    try {
      return channel
          .map(MapMode.READ_ONLY, dataStart + entry.begin() + offset, length)
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new SafetensorsException(
          path, "tensor '" + entry.name() + "' can't be mapped: " + e, e);
    }
  }

  /**
   * A tensor's values as floats. Those of F64 are rounded to the nearest; a larger one becomes
   * infinite.
   *
   * @throws SafetensorsException if the tensor is missing or of another type
   */
  @Override
  public float[] floats(String name) {
    TensorEntry entry = entry(name);
    ByteBuffer bytes = bytes(name);
    float[] values = new float[Math.toIntExact(entry.length() / entry.type().bytes())];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(entry, bytes);
    }
    return values;
  }

  /**
   * Whether all values of a tensor are finite as floats.
   *
   * @throws SafetensorsException if the tensor is missing or of another type
   */
  public boolean finite(String name) {
    TensorEntry entry = entry(name);
    ByteBuffer bytes = bytes(name);
    boolean finite = true;
    while (bytes.hasRemaining()) {
      finite &= Float.isFinite(value(entry, bytes));
    }
    return finite;
  }

  private float value(TensorEntry entry, ByteBuffer bytes) {
    return switch (entry.type()) {
      case F32 -> bytes.getFloat();
      case F16 -> Float.float16ToFloat(bytes.getShort());
      case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
      case F8_E4M3 -> Float8.e4m3(bytes.get());
      case F8_E5M2 -> Float8.e5m2(bytes.get());
      case F64 -> (float) bytes.getDouble();
      case BOOL, U8, I8, I16, U16, I32, U32, I64, U64 ->
          throw new SafetensorsException(
              path, "tensor '" + entry.name() + "' is " + entry.type() + ", not a float type");
    };
  }

  private static byte[] headerBytes(Path path, FileChannel channel) throws IOException {
    ByteBuffer prefix = read(path, channel, 0, PREFIX);
    long length = prefix.getLong(0);
    if (length > SafetensorsHeader.MAX_LENGTH && length <= channel.size() - PREFIX) {
      throw new SafetensorsException(
          path,
          "has a header of %d bytes; at most %d are read, of which the tensors of FLUX.1 take"
                  .formatted(length, SafetensorsHeader.MAX_LENGTH)
              + " 100 000: save it again without its metadata");
    }
    if (length < 2 || length > channel.size() - PREFIX) {
      throw new SafetensorsException(
          path,
          "header length "
              + Long.toUnsignedString(length)
              + " is impossible in a file of "
              + channel.size()
              + " bytes (not safetensors, or truncated)");
    }
    return read(path, channel, PREFIX, (int) length).array();
  }

  private static ByteBuffer read(Path path, FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new SafetensorsException(path, "ends inside its header");
      }
    }
    return buffer;
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The file was only read, and a better error is on its way.
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
