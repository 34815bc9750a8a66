package dev.polyptych.weights.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncoderPartsTest {
  private static final String QUERY = "transformer.transformer_blocks.0.attn.to_q.";

  @TempDir Path folder;
  private Path copy;

  @BeforeEach
  void name() {
    copy = folder.resolve("copy.safetensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text_encoder.text_model.encoder.layers.0.self_attn.q_proj.",
        "text_encoder_2.encoder.block.0.layer.0.SelfAttention.q.",
        "text_encoder_3.encoder.block.0.layer.0.SelfAttention.q.",
        "text_encoders.t5xxl.transformer.encoder.block.0.layer.0.SelfAttention.q.",
        "clip_g.text_model.encoder.layers.0.self_attn.q_proj.",
        "base_model.model.text_model.encoder.layers.0.self_attn.q_proj.",
        "text_model.encoder.layers.0.self_attn.q_proj.",
      })
  void leavesOutAPairOfAnEncoderAndKeepsTheRestAsItIs(String encoder) {
    Path file = write(new SafetensorsWriter().metadata("author", "me"), QUERY, encoder);

    List<String> left = TextEncoderParts.leaveOut(file, copy);

    assertEquals(List.of(encoder + "lora_A.weight", encoder + "lora_B.weight"), left);
    HostAdapter read = new AdapterReader(tiny()).read(copy);
    assertEquals(1, read.modules());
    try (SafetensorsFile kept = SafetensorsFile.open(copy)) {
      assertEquals("me", kept.metadata().get("author"));
      assertEquals(Set.of(QUERY + "lora_A.weight", QUERY + "lora_B.weight"), kept.names());
      assertEquals(0.5f, kept.floats(QUERY + "lora_B.weight")[3]);
    }
  }

  @Test
  void leavesOutKohyasNames() {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (String encoder : List.of("lora_te1_text_model_encoder_layers_0_mlp_fc1", "lora_te3_x")) {
      writer.add(encoder + ".lora_down.weight", List.of(1L, 64L), new float[64]);
    }

    assertEquals(2, TextEncoderParts.leaveOut(write(writer, QUERY), copy).size());
  }

  @Test
  void theCopyOfAFileWithADigestHasItsOwn() {
    Path file =
        write(
            new SafetensorsWriter().digested(),
            QUERY,
            "text_encoder.text_model.encoder.layers.0.self_attn.q_proj.");

    TextEncoderParts.leaveOut(file, copy);

    try (SafetensorsFile kept = SafetensorsFile.open(copy)) {
      assertTrue(kept.checkDigest());
    }
  }

  @Test
  void aFileOfNothingElseIsRefused() {
    Path file = write(new SafetensorsWriter(), "text_encoder.text_model.encoder.layers.0.mlp.fc1.");

    AdapterException refused =
        assertThrows(AdapterException.class, () -> TextEncoderParts.leaveOut(file, copy));

    assertEquals(
        file + ": changes text encoders only; without them nothing is left", refused.getMessage());
  }

  private Path write(SafetensorsWriter writer, String... layers) {
    float[] half = new float[64];
    Arrays.fill(half, 0.5f);
    for (String layer : layers) {
      writer.add(layer + "lora_A.weight", List.of(1L, 64L), half);
      writer.add(layer + "lora_B.weight", List.of(64L, 1L), half);
    }
    Path file = folder.resolve("adapter.safetensors");
    writer.write(file);
    return file;
  }

  private static ModelFolder tiny() {
    return ModelFolder.open(Path.of("src/test/resources/tiny"));
  }
}
