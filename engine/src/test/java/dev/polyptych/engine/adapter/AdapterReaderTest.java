package dev.polyptych.engine.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.weights.lora.AdapterException;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterReaderTest {
  private static final Path MODEL = TinyModels.folder();
  private static final String QUERY = "transformer.transformer_blocks.0.attn.to_q";

  private static FluxPipeline pipeline;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    pipeline = FluxPipeline.open(MODEL, EngineOptions.cpu(ComputeType.FLOAT32));
  }

  @AfterAll
  static void close() {
    pipeline.close();
  }

  @Test
  void tellsWhatIsInAFile() {
    try (Adapter adapter =
        pipeline.readAdapter(MODEL.resolve("adapters/font-design.safetensors"))) {
      assertEquals("font-design", adapter.name());
      assertEquals(4, adapter.rank());
      // As in the published IC-LoRAs: 14 linear layers a double block, 6 a single block.
      assertEquals(2 * 14 + 2 * 6, adapter.layers().size());
      assertTrue(adapter.bytes() > 50_000);
    }
  }

  @Test
  void freesWhatItRead() {
    int before = pipeline.liveArrays();

    pipeline.readAdapter(MODEL.resolve("adapters/font-design.safetensors")).close();

    assertEquals(before, pipeline.liveArrays());
  }

  @Test
  void namesTheFirstKeyThatFitsNoLayer() {
    assertRefused(
        pair("transformer.transformer_blocks.7.attn.to_q", 4, 64, 64),
        "transformer_blocks.7.attn.to_q.lora_A.weight' names no linear layer");
  }

  @Test
  void namesAKeyOfTheWrongShape() {
    assertRefused(
        pair(QUERY, 4, 32, 64),
        "to_q.lora_A.weight' has shape [4, 32], but this model needs [4, 64]");
    assertRefused(
        pair(QUERY, 4, 64, 32),
        "to_q.lora_B.weight' has shape [32, 4], but this model needs [64, 4]");
  }

  @Test
  void namesRanksThatDisagree() {
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .add(QUERY + ".lora_A.weight", List.of(4L, 64L), new float[256])
            .add(QUERY + ".lora_B.weight", List.of(64L, 8L), new float[512]);

    assertRefused(writer, "to_q.lora_B.weight' has shape [64, 8], but this model needs [64, 4]");
  }

  @Test
  void namesAKeyWithoutItsCounterpart() {
    SafetensorsWriter writer =
        new SafetensorsWriter().add(QUERY + ".lora_A.weight", List.of(4L, 64L), new float[256]);

    assertRefused(writer, "has no counterpart '" + QUERY + ".lora_B.weight'");
  }

  @Test
  void namesAMagnitudeOfTheWrongShape() {
    SafetensorsWriter writer =
        pair(QUERY, 4, 64, 64).add(QUERY + ".lora_magnitude_vector", List.of(32L), new float[32]);

    assertRefused(writer, "lora_magnitude_vector' has shape [32], but this model needs [64]");
  }

  @Test
  void namesAKeyWithValuesThatAreNotFinite() {
    float[] values = new float[256];
    values[17] = Float.NaN;
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .add(QUERY + ".lora_A.weight", List.of(4L, 64L), values)
            .add(QUERY + ".lora_B.weight", List.of(64L, 4L), new float[256]);

    assertRefused(writer, "to_q.lora_A.weight' holds values that are not finite");
  }

  @Test
  void namesAnAlphaThatIsNoNumber() {
    SafetensorsWriter writer =
        pair(QUERY, 4, 64, 64).add(QUERY + ".alpha", List.of(2L), new float[2]);

    assertRefused(writer, "to_q.alpha' is not one finite number");
  }

  @Test
  void namesAKeyThatBelongsToNothing() {
    SafetensorsWriter writer =
        pair(QUERY, 4, 64, 64).add(QUERY + ".strength", List.of(1L), new float[1]);

    assertRefused(writer, "to_q.strength' belongs to no pair");
  }

  @Test
  void namesAKeyOfALayoutThatItDoesNotKnow() {
    SafetensorsWriter writer =
        new SafetensorsWriter().add("lycoris_blocks.weight", List.of(1L), new float[1]);

    assertRefused(writer, "key 'lycoris_blocks.weight' is of no LoRA layout known here");
  }

  @Test
  void refusesAFileThatIsNoSafetensors() throws IOException {
    Path pickle = Files.write(folder.resolve("pickle.safetensors"), new byte[64]);

    var refusal = assertThrows(AdapterException.class, () -> pipeline.readAdapter(pickle));

    assertTrue(
        refusal.getMessage().contains("not safetensors, or truncated"), refusal.getMessage());
  }

  private static SafetensorsWriter pair(String module, int rank, int inputs, int outputs) {
    return new SafetensorsWriter()
        .add(
            module + ".lora_A.weight",
            List.of((long) rank, (long) inputs),
            new float[rank * inputs])
        .add(
            module + ".lora_B.weight",
            List.of((long) outputs, (long) rank),
            new float[outputs * rank]);
  }

  private void assertRefused(SafetensorsWriter writer, String fault) {
    Path file = folder.resolve("wrong.safetensors");
    writer.write(file);
    int before = pipeline.liveArrays();

    var refusal = assertThrows(AdapterException.class, () -> pipeline.readAdapter(file));

    assertTrue(refusal.getMessage().startsWith(file.toString()), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(fault), refusal.getMessage());
    assertEquals(before, pipeline.liveArrays());
  }
}
