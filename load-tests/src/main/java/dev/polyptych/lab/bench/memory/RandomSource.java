package dev.polyptych.lab.bench.memory;

import dev.polyptych.engine.graph.TensorLoader.Raw;
import dev.polyptych.engine.graph.TensorLoader.Source;
import dev.polyptych.engine.model.WeightSource;
import dev.polyptych.weights.model.Float8Layers;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;
import dev.polyptych.weights.model.TensorShapes;
import dev.polyptych.weights.safetensors.TensorType;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random weights, made tensor by tensor while they are loaded, so that they lie nowhere twice. A
 * layer's weights have variance 1/inputs. Belongs to one thread.
 */
public final class RandomSource implements WeightSource {
  /** Clears the highest bit of the exponent: all codes are numbers below 2. */
  private static final long CODES = 0xBFBFBFBFBFBFBFBFL;

  /** Root mean square of those numbers. */
  private static final double CODE_SIZE = 0.6;

  private static final double SMALL = 0.1;

  /** Numbers of 16 bits in one of 64. */
  private static final int FOUR = 4;

  private final boolean float8;
  private final SplittableRandom random = new SplittableRandom(9);

  /** Owns {@link #bytes}. A direct buffer would stay until the garbage collector runs. */
  private Optional<Arena> arena = Optional.empty();

  /** Of the tensor that is being loaded. The loader copies it. */
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  /**
   * @param float8 as in a file of float8: linear layers of the blocks, modulation included, and
   *     those of T5; the rest in bfloat16
   */
  public RandomSource(boolean float8) {
    this.float8 = float8;
  }

  /** What the source holds in float8. */
  Map<Network, Set<String>> stored(ModelFolder model) {
    return float8
        ? Map.of(
            Network.TRANSFORMER, Float8Layers.of(model.transformer()).kept(),
            Network.T5, Float8Layers.of(model.t5()).kept())
        : Map.of();
  }

  @Override
  public Opened open(ModelFolder model, Network network) {
    Set<String> eight = stored(model).getOrDefault(network, Set.of());
    return new Opened() {
      @Override
      public Map<String, Source> sources(TensorShapes shapes) {
        Map<String, Source> sources = new LinkedHashMap<>();
        shapes
            .byName()
            .forEach(
                (name, shape) ->
                    sources.put(
                        name,
                        new Source(
                            () -> eight.contains(name) ? codes(shape) : wide(name, shape), false)));
        return sources;
      }

      @Override
      public void close() {
        free();
      }
    };
  }

  private Raw codes(List<Long> shape) {
    ByteBuffer into = room(values(shape));
    while (into.remaining() >= Long.BYTES) {
      into.putLong(random.nextLong() & CODES);
    }
    while (into.hasRemaining()) {
      into.put((byte) (random.nextInt() & CODES));
    }
    double scale = (float) (1 / (CODE_SIZE * Math.sqrt(shape.getLast())));
    return new Raw(TensorType.F8_E4M3, shape, into.flip(), scale);
  }

  private Raw wide(String name, List<Long> shape) {
    long inputs = shape.stream().skip(1).reduce(1L, (a, b) -> a * b);
    boolean vector = shape.size() == 1;
    double size = vector ? SMALL : Math.sqrt(12.0 / inputs);
    double mean = vector && name.endsWith(".weight") ? 1 : 0;
    ByteBuffer into = room(2 * values(shape));
    float low = (float) (mean - size / 2);
    float step = (float) (size / (1 << Short.SIZE));
    long bits = 0;
    for (int i = 0; into.hasRemaining(); i++) {
      bits = i % FOUR == 0 ? random.nextLong() : bits >>> Short.SIZE;
      float value = low + step * (bits & 0xFFFF);
      into.putShort((short) (Float.floatToRawIntBits(value) >>> Short.SIZE));
    }
    return new Raw(TensorType.BF16, shape, into.flip(), 1);
  }

  private ByteBuffer room(long size) {
    if (bytes.capacity() < size) {
      free();
      bytes = allocated(size);
    }
    return bytes.clear().limit(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void free() {
    bytes = ByteBuffer.allocate(0);
    arena.ifPresent(Arena::close);
    arena = Optional.empty();
  }

  @SuppressWarnings("MustBeClosedChecker")
  private ByteBuffer allocated(long size) {
    arena = Optional.of(Arena.ofConfined());
    return arena.get().allocate(size).asByteBuffer();
  }

  private static long values(List<Long> shape) {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }
}
