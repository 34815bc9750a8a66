package dev.polyptych.engine.golden;

import dev.polyptych.weights.model.TensorShapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes GGUF files with random weights: matrices in Q4_K, Q5_K and Q6_K by turns, where they fit.
 */
final class RandomGguf {
  private static final int MAGIC = 0x46554747;
  private static final int BLOCK = 256;
  private static final int ALIGNMENT = 32;

  /** 2^-14 in half precision. */
  private static final short SMALL = 0x0400;

  private record Type(int number, int bytes, int... scales) {}

  private static final List<Type> TYPES =
      List.of(new Type(12, 144, 0, 2), new Type(13, 176, 0, 2), new Type(14, 210, 208));

  private RandomGguf() {}

  static Path write(Path file, TensorShapes shapes) throws IOException {
    Random random = new Random(5);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    ByteBuffer header = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(MAGIC).putInt(3).putLong(shapes.byName().size()).putLong(0);
    int turn = 0;
    for (Map.Entry<String, List<Long>> tensor : shapes.byName().entrySet()) {
      List<Long> shape = tensor.getValue();
      boolean blocks = shape.size() == 2 && shape.getLast() % BLOCK == 0;
      Type type = TYPES.get(turn % TYPES.size());
      byte[] name = tensor.getKey().getBytes(StandardCharsets.UTF_8);
      header.putLong(name.length).put(name).putInt(shape.size());
      shape.reversed().forEach(header::putLong);
      header.putInt(blocks ? type.number() : 0).putLong(data.size());
      int values = shape.stream().mapToInt(Long::intValue).reduce(1, (a, b) -> a * b);
      data.writeBytes(blocks ? blocks(type, values / BLOCK, random) : floats(values, random));
      data.writeBytes(new byte[-data.size() & (ALIGNMENT - 1)]);
      turn += blocks ? 1 : 0;
    }
    header.limit((header.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(header.array(), 0, header.limit());
    data.writeTo(all);
    return Files.write(file, all.toByteArray());
  }

  private static byte[] blocks(Type type, int count, Random random) {
    byte[] bytes = new byte[count * type.bytes()];
    random.nextBytes(bytes);
    ByteBuffer blocks = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      for (int scale : type.scales()) {
        blocks.putShort(i * type.bytes() + scale, SMALL);
      }
    }
    return bytes;
  }

  private static byte[] floats(int count, Random random) {
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putFloat((float) (0.1 * random.nextGaussian()));
    }
    return bytes.array();
  }
}
