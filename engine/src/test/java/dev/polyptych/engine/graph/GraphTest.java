package dev.polyptych.engine.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.weights.safetensors.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphTest {
  @Test
  void archiveHoldsStoredEntriesBelowOneFolder() throws IOException {
    try (ZipInputStream zip = new ZipInputStream(TorchScriptArchive.of("weights"))) {
      for (String name : List.of("version", "constants.pkl", "data.pkl", "code/__torch__.py")) {
        ZipEntry entry = zip.getNextEntry();
        assertEquals("graph/" + name, entry.getName());
        assertEquals(ZipEntry.STORED, entry.getMethod());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights", "transformer", "clip", "t5", "autoencoder"})
  void everySourceCompiles(String name) {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      Graph.load(name, manager);
    }
  }

  @Test
  void resultBelongsToTheManagerThatTheCallerNames() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      NDManager results = manager.newSubManager();

      NDArray result = copy(manager, results);

      assertArrayEquals(new float[] {1.5f, -2}, result.toFloatArray());
      assertEquals(1, manager.getManagedArrays().size());
    }
  }

  private static NDArray copy(NDManager manager, NDManager results) {
    try (NDManager operands = manager.newSubManager();
        Graph.Call call = Graph.load("cast", manager).call("cast")) {
      return call.with(operands.create(new float[] {1.5f, -2})).withNumber(6).tensor(results);
    }
  }

  /** Looks up what DJL keeps to itself. */
  @Test
  void runsAMethodWithAutograd() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(1.5f).putFloat(-2).flip();
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      TensorLoader loader = TensorLoader.forTraining(manager, ComputeType.FLOAT32);
      TensorLoader.Raw raw = new TensorLoader.Raw(TensorType.F32, List.of(2L), bytes, 2);

      NDArray loaded = loader.load(raw, ComputeType.FLOAT32, manager);

      assertArrayEquals(new float[] {3, -4}, loaded.toFloatArray());
    }
  }

  @Test
  void refusesASourceThatDoesNotExist() {
    assertThrows(IllegalStateException.class, () -> TorchScriptArchive.of("none"));
  }

  @Test
  void float8IsWidenedExactly() {
    byte[] codes = new byte[256];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) i;
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(codes.length).put(codes).flip();
    TensorLoader.Raw raw = new TensorLoader.Raw(TensorType.F8_E4M3, List.of(256L), bytes, 0.1f);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        NDArray loaded =
            new TensorLoader(manager, ComputeType.FLOAT32)
                .load(raw, ComputeType.FLOAT32, manager)) {
      float[] values = loaded.toFloatArray();

      for (int code = 0; code < values.length; code++) {
        assertEquals(e4m3(code) * 0.1f, values[code], "code " + code);
      }
    }
  }

  /** 1 bit of sign, 4 of exponent with bias 7, 3 of mantissa; no infinity (arXiv 2209.05433). */
  private static float e4m3(int code) {
    int exponent = (code >> 3) & 15;
    int mantissa = code & 7;
    if (exponent == 15 && mantissa == 7) {
      return Float.NaN;
    }
    double size =
        exponent == 0
            ? mantissa / 8.0 * Math.pow(2, -6)
            : (1 + mantissa / 8.0) * Math.pow(2, exponent - 7);
    return (float) (code < 128 ? size : -size);
  }
}
