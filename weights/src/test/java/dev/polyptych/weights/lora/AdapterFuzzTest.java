package dev.polyptych.weights.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Foreign bytes end in an adapter or in an {@link AdapterException}, whatever they are. To search:
 * {@code JAZZER_FUZZ=1 mvn verify -pl weights -am -Djazzer.hooks=true -Dtest=AdapterFuzzTest#...}.
 */
class AdapterFuzzTest {
  private static final AdapterReader READER =
      new AdapterReader(ModelFolder.open(Path.of("src/test/resources/tiny")).transformer());

  /** Sides that fit a layer or a factor of one. */
  private static final List<Integer> SIDES = List.of(1, 8, 32, 64, 128, 192);

  @FuzzTest(maxDuration = "30s")
  void anyBytesAreReadOrRefused(byte[] content) throws IOException {
    Path file = Files.createTempFile("fuzzed", ".safetensors");
    try {
      readOrRefuse(Files.write(file, content));
    } finally {
      Files.delete(file);
    }
  }

  @FuzzTest(maxDuration = "30s")
  void anyKeysAreReadOrRefused(FuzzedDataProvider data) throws IOException {
    Path file = Files.createTempFile("fuzzed", ".safetensors");
    try {
      keys(data).write(file);
      readOrRefuse(file);
    } finally {
      Files.delete(file);
    }
  }

  private static SafetensorsWriter keys(FuzzedDataProvider data) {
    List<String> stems =
        List.of(
            "lora_unet_img_in",
            "transformer.x_embedder",
            "double_blocks.0.processor.qkv_lora1",
            "lora_unet_double_blocks_0_img_attn_qkv",
            "final_layer.adaLN_modulation.1",
            "diffusion_model.single_blocks.1.norm.query_norm",
            "text_encoder.text_model.encoder.layers.0.mlp.fc1");
    List<String> ends =
        List.of(
            ".lora_down.weight",
            ".lora_up.weight",
            ".lora_B.bias",
            ".alpha",
            ".down.weight",
            ".diff",
            ".diff_b",
            ".scale",
            ".dora_scale",
            ".reshape_weight",
            ".hada_w1_a",
            ".hada_w1_b",
            ".hada_w2_a",
            ".hada_w2_b",
            ".lokr_w1",
            ".lokr_w1_a",
            ".lokr_w1_b",
            ".lokr_w2",
            ".lokr_w2_a",
            ".lokr_w2_b");
    SafetensorsWriter writer = new SafetensorsWriter();
    int count = data.consumeInt(0, 8);
    for (int i = 0; i < count; i++) {
      String end = data.consumeBoolean() ? data.pickValue(ends) : data.consumeString(12);
      long rows = data.consumeBoolean() ? data.pickValue(SIDES) : data.consumeInt(0, 65);
      long columns = data.consumeBoolean() ? data.pickValue(SIDES) : data.consumeInt(0, 65);
      String prefix = data.consumeBoolean() ? "" : i + ".";
      addOnce(writer, prefix + data.pickValue(stems) + end, rows, columns);
    }
    return writer;
  }

  private static void addOnce(SafetensorsWriter writer, String key, long rows, long columns) {
    try {
      float[] values = new float[(int) (rows * columns)];
      Arrays.fill(values, 1);
      boolean flat = rows == 1;
      writer.add(key, flat ? List.of(columns) : List.of(rows, columns), values);
    } catch (IllegalArgumentException twice) {
      assertTrue(twice.getMessage().endsWith("added twice"), twice.getMessage());
    }
  }

  /** What is read passes both checks, with the same facts. */
  private static void readOrRefuse(Path file) {
    Optional<Integer> read = modules(file, () -> READER.read(file).modules());
    Optional<Integer> checked = modules(file, () -> READER.check(file).modules());
    Optional<Integer> alone = modules(file, () -> AdapterReader.checkForAnyModel(file).modules());
    assertEquals(read, checked);
    assertTrue(alone.isPresent() || read.isEmpty());
  }

  /** Empty for a file that is refused. */
  private static Optional<Integer> modules(Path file, IntSupplier reading) {
    try {
      int modules = reading.getAsInt();
      assertTrue(modules > 0);
      return Optional.of(modules);
    } catch (AdapterException refusal) {
      assertTrue(refusal.getMessage().startsWith(file.toString()), refusal.getMessage());
      return Optional.empty();
    }
  }
}
