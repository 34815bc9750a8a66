package dev.polyptych.weights.gguf;

import dev.polyptych.weights.safetensors.TensorEntry;
import dev.polyptych.weights.safetensors.TensorFile;
import dev.polyptych.weights.safetensors.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * An open GGUF file. Opening reads and checks the header. Values in blocks are decoded to float32
 * when they are asked for, a few thousand blocks at a time; others are mapped. Any thread may read.
 *
 * <p>The file must not be truncated while it is read.
 */
public final class GgufFile implements TensorFile {
  /** Blocks that a thread decodes at once: 1 MiB of values at most. */
  private static final int PIECE = 1024;

  private final Path path;
  private final FileChannel channel;
  private final GgufHeader header;

  private GgufFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    long size = channel.size();
    ByteBuffer beginning = channel.map(MapMode.READ_ONLY, 0, Math.min(size, GgufHeader.MAX_LENGTH));
    this.header = GgufHeader.parse(path, beginning, size);
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws GgufException if the file can't be read, its header is wrong in any way, or a tensor's
   *     type is not read
   */
  public static GgufFile open(Path path) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      return new GgufFile(path, channel);
    } catch (IOException e) {
      closeQuietly(channel);
      throw new GgufException(path, "can't be read", e);
    } catch (GgufException e) {
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

  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public TensorEntry entry(String name) {
    return tensor(name).entry();
  }

  @Override
  public String storedType(String name) {
    return tensor(name).type().name();
  }

  @Override
  public long storedBytes(String name, long values) {
    return tensor(name).type().bytes(values);
  }

  private GgufTensor tensor(String name) {
    GgufTensor tensor = header.tensors().get(name);
    if (tensor == null) {
      throw new GgufException(path, "has no tensor '" + name + "'", GgufException.FETCH);
    }
    return tensor;
  }

  @Override
  public ByteBuffer values(String name, long first, long count, IntFunction<ByteBuffer> room) {
    GgufType type = tensor(name).type();
    if (first % type.blockValues() != 0 || count % type.blockValues() != 0) {
      throw new GgufException(
          path,
          "tensor '%s' holds parts that end inside its blocks of %s".formatted(name, type),
          "use a file that holds its vectors in F32 or F16");
    }
    if (count > Integer.MAX_VALUE / Float.BYTES) {
      throw new GgufException(
          path, "tensor '" + name + "' is larger than 2 GiB", "use a file of a FLUX.1 model");
    }
    ByteBuffer stored = stored(tensor(name), first, count);
    if (!type.blocks()) {
      return stored;
    }
    ByteBuffer decoded =
        room.apply(Math.toIntExact(count * Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    decode(type, stored, decoded.asFloatBuffer());
    return decoded;
  }

  private static void decode(GgufType type, ByteBuffer stored, FloatBuffer decoded) {
    int blocks = stored.remaining() / type.blockBytes();
    IntStream.range(0, (blocks + PIECE - 1) / PIECE)
        .parallel()
        .forEach(
            piece -> {
              int first = piece * PIECE;
              int count = Math.min(PIECE, blocks - first);
              byte[] in = new byte[count * type.blockBytes()];
              float[] out = new float[count * type.blockValues()];
              stored.get(first * type.blockBytes(), in);
              for (int i = 0; i < count; i++) {
                BlockDecoder.decode(type, in, i * type.blockBytes(), out, i * type.blockValues());
              }
              decoded.put(first * type.blockValues(), out);
            });
  }

  private ByteBuffer stored(GgufTensor tensor, long first, long count) {
    long place = header.dataStart() + tensor.entry().begin() + tensor.type().bytes(first);
    try {
      return channel
          .map(MapMode.READ_ONLY, place, tensor.type().bytes(count))
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new GgufException(path, "tensor '" + tensor.entry().name() + "' can't be mapped", e);
    }
  }

  @Override
  public float[] floats(String name) {
    TensorEntry entry = entry(name);
    int count = Math.toIntExact(entry.shape().stream().reduce(1L, Math::multiplyExact));
    ByteBuffer values = values(name, 0, count, ByteBuffer::allocateDirect);
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = value(entry.type(), values);
    }
    return floats;
  }

  private static float value(TensorType type, ByteBuffer values) {
    return switch (type) {
      case F32 -> values.getFloat();
      case F16 -> Float.float16ToFloat(values.getShort());
      case BF16 -> Float.intBitsToFloat(values.getShort() << 16);
      case BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, I32, U32, I64, U64, F64 ->
          throw new IllegalStateException(type + " is the type of no GGUF tensor that is read");
    };
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The file was only read.
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
