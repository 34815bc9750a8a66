package dev.polyptych.weights.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Any bytes end in a model or in a {@link ModelFolderException}. To search: {@code JAZZER_FUZZ=1
 * mvn verify -pl weights -am -Djazzer.hooks=true -Dtest=ModelFileFuzzTest#...}.
 */
class ModelFileFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void anyBytesAreAModelOrRefused(byte[] content) throws IOException {
    Path file = Files.createTempFile("fuzzed", ".safetensors");
    try {
      inspect(Files.write(file, content));
    } finally {
      Files.delete(file);
    }
  }

  @FuzzTest(maxDuration = "30s")
  void anyTensorsAreAModelOrRefused(FuzzedDataProvider data) throws IOException {
    Path file = Files.createTempFile("fuzzed", ".safetensors");
    try {
      tensors(data).write(file);
      inspect(file);
    } finally {
      Files.delete(file);
    }
  }

  private static SafetensorsWriter tensors(FuzzedDataProvider data) {
    List<String> keys =
        List.of(
            "img_in.weight",
            "txt_in.weight",
            "vector_in.in_layer.weight",
            "final_layer.linear.weight",
            "double_blocks.0.img_attn.norm.query_norm.scale",
            "double_blocks.0.img_attn.proj.weight",
            "x_embedder.weight",
            "text_model.embeddings.token_embedding.weight",
            "shared.weight",
            "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
            "decoder.mid.block_1.norm1.weight",
            "encoder.down.0.block.0.conv1.weight",
            "img_in.comfy_quant");
    SafetensorsWriter writer = new SafetensorsWriter();
    Set<String> used = new LinkedHashSet<>();
    int count = data.consumeInt(0, 16);
    for (int i = 0; i < count; i++) {
      Network network = data.pickValue(Network.values());
      String prefix = data.pickValue(network.prefixes());
      String key = prefix + (data.consumeBoolean() ? data.pickValue(keys) : data.consumeString(20));
      List<Long> shape = shape(data);
      if (used.add(key)) {
        long values = shape.stream().reduce(1L, (a, b) -> a * b);
        writer.add(key, shape, new float[(int) values]);
      }
    }
    return writer;
  }

  private static List<Long> shape(FuzzedDataProvider data) {
    return switch (data.consumeInt(0, 2)) {
      case 0 -> List.of();
      case 1 -> List.of((long) data.consumeInt(0, 5));
      default -> List.of((long) data.consumeInt(0, 5), (long) data.consumeInt(0, 5));
    };
  }

  /** What is opened is inspected without a problem of its configuration. */
  private static void inspect(Path file) {
    ModelInspection inspection = ModelInspection.of(file);
    boolean opened = opens(file);
    assertEquals(opened, inspection.model().isPresent());
    assertTrue(opened || !inspection.problems().isEmpty());
  }

  private static boolean opens(Path file) {
    try {
      ModelFolder.open(file);
      return true;
    } catch (ModelFolderException refusal) {
      assertTrue(refusal.getMessage().contains("; "), refusal.getMessage());
      return false;
    }
  }
}
