package dev.polyptych.engine.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.TensorLoader.Raw;
import dev.polyptych.engine.graph.TensorLoader.Source;
import dev.polyptych.engine.graph.TensorLoader.Storage;
import dev.polyptych.weights.model.Float8Layers;
import dev.polyptych.weights.safetensors.Float8;
import dev.polyptych.weights.safetensors.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The transformer's float8 layers, against the formulas in double precision. */
class Float8ProductTest {
  private static final int ROWS = 5;
  private static final int INPUTS = 48;
  private static final int OUTPUTS = 32;
  private static final int RANK = 4;

  private final Random random = new Random(3);
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final TensorLoader loader = new TensorLoader(manager, ComputeType.FLOAT32);
  private final Graph graph = Graph.load("transformer", manager);
  private final float[] x = values(ROWS * INPUTS, 3);
  private final float[] weight = values(OUTPUTS * INPUTS, 0.2f);
  private final float[] bias = values(OUTPUTS, 1);
  private final TensorMap none = TensorMap.empty(manager);

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void roundsEachRowOfAWeightToTheNearestFloat8WithItsOwnScale() {
    TensorMap base = base(false);

    float[] wide = loader.wide(base, "layer.weight", manager).toFloatArray();

    double[] expected = rounded(weight, OUTPUTS, INPUTS);
    for (int i = 0; i < wide.length; i++) {
      assertEquals(expected[i], wide[i], 1e-6 * Math.abs(expected[i]), "value " + i);
    }
  }

  @Test
  void aProductInFloat8RoundsBothOperandsByRow() {
    float[] found = linear(base(true), none, 0);

    check(product(rounded(x, ROWS, INPUTS), rounded(weight, OUTPUTS, INPUTS)), found);
  }

  @Test
  void aWidenedProductRoundsTheWeightOnly() {
    float[] found = linear(base(false), none, 0);

    check(product(doubles(x), rounded(weight, OUTPUTS, INPUTS)), found);
  }

  @Test
  void aBranchReadsTheActivationAsItIs() {
    float[] down = values(RANK * INPUTS, 0.5f);
    float[] up = values(OUTPUTS * RANK, 0.5f);
    double strength = 0.75;
    TensorMap branch =
        loader.loadRaw(
            Map.of("layer.lora_A", raw(down, RANK, INPUTS), "layer.lora_B", raw(up, OUTPUTS, RANK)),
            manager);

    float[] found = linear(base(true), branch, strength);

    double[] expected = product(rounded(x, ROWS, INPUTS), rounded(weight, OUTPUTS, INPUTS));
    for (int row = 0; row < ROWS; row++) {
      for (int out = 0; out < OUTPUTS; out++) {
        for (int rank = 0; rank < RANK; rank++) {
          double low = 0;
          for (int in = 0; in < INPUTS; in++) {
            low += (double) x[row * INPUTS + in] * down[rank * INPUTS + in];
          }
          expected[row * OUTPUTS + out] += strength * up[out * RANK + rank] * low;
        }
      }
    }
    check(expected, found);
  }

  @Test
  void aCpuHasNoSuchProductOfItsOwn() {
    try (NDArray like = manager.ones(new Shape(1));
        Graph.Call call = graph.call("trial")) {
      assertThrows(EngineException.class, () -> call.with(like).number());
    }
  }

  @Test
  void layersWhoseSidesAreNoMultiplesOf16AreWidened() {
    float[] narrow = values(24 * INPUTS, 1);
    TensorMap base =
        loader.load(
            Map.of("layer.weight", new Source(() -> raw(narrow, 24, INPUTS), false)),
            storage(true),
            manager);

    assertEquals(new Shape(24, 1), base.array("layer.scale").getShape());
  }

  @Test
  void aRowOfZerosStaysZero() {
    TensorMap base =
        loader.load(
            Map.of("layer.weight", new Source(() -> raw(new float[32], 2, 16), false)),
            storage(false),
            manager);

    for (float value : loader.wide(base, "layer.weight", manager).toFloatArray()) {
      assertEquals(0, value);
    }
  }

  private float[] linear(TensorMap base, TensorMap branch, double strength) {
    try (NDArray input = manager.create(x, new Shape(1, ROWS, INPUTS));
        Graph.Call call = graph.call("linear")) {
      NDArray y =
          call.with(input).with("layer").with(base).with(branch).with(strength).tensor(manager);
      assertEquals(new Shape(1, ROWS, OUTPUTS), y.getShape());
      return y.toFloatArray();
    }
  }

  private TensorMap base(boolean multiplied) {
    return loader.load(
        Map.of(
            "layer.weight", new Source(() -> raw(weight, OUTPUTS, INPUTS), false),
            "layer.bias", new Source(() -> raw(bias, OUTPUTS), false)),
        storage(multiplied),
        manager);
  }

  private static Storage storage(boolean multiplied) {
    Set<String> layer = Set.of("layer.weight");
    return new Storage(new Float8Layers(layer, layer), multiplied, true);
  }

  private double[] product(double[] rows, double[] matrix) {
    double[] y = new double[ROWS * OUTPUTS];
    for (int row = 0; row < ROWS; row++) {
      for (int out = 0; out < OUTPUTS; out++) {
        double sum = bias[out];
        for (int in = 0; in < INPUTS; in++) {
          sum += rows[row * INPUTS + in] * matrix[out * INPUTS + in];
        }
        y[row * OUTPUTS + out] = sum;
      }
    }
    return y;
  }

  /** Each row times 448 / its greatest value, rounded to the nearest float8, and back. */
  private static double[] rounded(float[] values, int rows, int columns) {
    double[] rounded = new double[values.length];
    for (int row = 0; row < rows; row++) {
      float greatest = 0;
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        greatest = Math.max(greatest, Math.abs(values[i]));
      }
      float scale = greatest / 448;
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        rounded[i] = (double) nearest(values[i] / scale) * scale;
      }
    }
    return rounded;
  }

  /** Of two equally near values the one with an even code. */
  private static float nearest(float value) {
    float best = 0;
    int code = 0;
    for (int bits = 0; bits < 256; bits++) {
      float candidate = Float8.e4m3((byte) bits);
      float nearer = Math.abs(candidate - value) - Math.abs(best - value);
      if (nearer < 0 || (nearer == 0 && bits % 2 == 0 && code % 2 != 0)) {
        best = candidate;
        code = bits;
      }
    }
    return best;
  }

  private static void check(double[] expected, float[] found) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(expected[i] - found[i], 2);
      size += Math.pow(expected[i], 2);
    }
    assertTrue(Math.sqrt(difference / size) < 1e-6, "error " + Math.sqrt(difference / size));
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private float[] values(int count, float size) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * size;
    }
    return values;
  }

  private static Raw raw(float[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new Raw(TensorType.F32, java.util.Arrays.stream(shape).boxed().toList(), bytes, 1);
  }
}
