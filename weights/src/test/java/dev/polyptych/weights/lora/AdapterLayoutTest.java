package dev.polyptych.weights.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.TransformerConfig;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layouts and refusals, without a device. */
class AdapterLayoutTest {
  private static final TransformerConfig MODEL =
      ModelFolder.open(Path.of("src/test/resources/tiny")).transformer();
  private static final String FUSED = "lora_unet_double_blocks_0_img_attn_qkv";

  @TempDir Path folder;

  @Test
  void givesEachOfSeparatelyTrainedLayersItsOwnChunkOfTheRank() {
    float[] up = new float[192 * 6];
    for (int row = 0; row < 192; row++) {
      up[row * 6 + 2 * (row / 64)] = 1 + row;
    }
    HostAdapter adapter = read(kohya(FUSED, 6, 64, up));

    assertEquals(3, adapter.modules());
    assertEquals(2, adapter.rank());
    assertEquals("transformer_blocks.0.attn.to_k", adapter.changes().get(1).layer().module());
    assertEquals(65, pairs(adapter).get(1).up().bytes().getFloat(0));
  }

  @Test
  void givesEachOfJointlyTrainedLayersAllOfTheRank() {
    float[] up = new float[192 * 6];
    up[5] = 1;
    HostAdapter adapter = read(kohya(FUSED, 6, 64, up));

    assertEquals(List.of(6, 6, 6), ranks(adapter));
  }

  @Test
  void takesOneValueOutsideTheBlocksOnEitherSideForJointTraining() {
    float[] left = new float[192 * 6];
    left[191 * 6] = 1;
    float[] right = new float[192 * 6];
    right[64 * 6 + 4] = 2;

    assertEquals(List.of(6, 6, 6), ranks(read(kohya(FUSED, 6, 64, left))));
    HostAdapter adapter = read(kohya(FUSED, 6, 64, right));
    assertEquals(List.of(6, 6, 6), ranks(adapter));
    // Each layer has its own rows.
    assertEquals(0, pairs(adapter).get(0).up().bytes().getFloat(4 * 4));
    assertEquals(2, pairs(adapter).get(1).up().bytes().getFloat(4 * 4));
    assertEquals(0, pairs(adapter).get(2).up().bytes().getFloat(4 * 4));
  }

  private static List<Integer> ranks(HostAdapter adapter) {
    return pairs(adapter).stream().map(Delta::rank).toList();
  }

  private static List<Delta.LowRank> pairs(HostAdapter adapter) {
    return adapter.changes().stream()
        .map(change -> (Delta.LowRank) change.delta().orElseThrow())
        .toList();
  }

  @Test
  void countsAlphaOverRankTimesAndOnceWithoutAlpha() {
    float[] up = new float[256];
    Arrays.fill(up, 1);
    SafetensorsWriter writer = kohya("lora_unet_img_in", 4, 64, up);
    assertEquals(1, pairs(read(writer)).getFirst().factor());

    writer = kohya("lora_unet_img_in", 4, 64, up);
    writer.add("lora_unet_img_in.alpha", List.of(), new float[] {2});
    assertEquals(0.5, pairs(read(writer)).getFirst().factor());
  }

  @Test
  void exchangesTheHalvesOfTheFinalModulation() {
    float[] up = new float[128];
    up[0] = 7;
    HostAdapter adapter = read(kohya("lora_unet_final_layer_adaLN_modulation_1", 1, 64, up));

    assertEquals("norm_out.linear", adapter.changes().getFirst().layer().module());
    assertEquals(7, pairs(adapter).getFirst().up().bytes().getFloat(4 * 64));
  }

  @Test
  void refusesTwoPairsForOneLayer() {
    SafetensorsWriter writer = kohya(FUSED, 3, 64, new float[192 * 3]);
    pair(writer, FUSED.replace("qkv", "qk_v"), 3, 64, new float[192 * 3]);
    assertRefused(writer, "qk_v.lora_down.weight' names no linear layer");

    writer = kohya("lora_unet_img_in", 1, 64, new float[64]);
    writer.add("lora_unet_img_in.lora_A.weight", List.of(1L, 64L), new float[64]);
    assertRefused(writer, "lora_unet_img_in.lora_A.weight' adds to the same layer as");
  }

  /** The same change, as many programs spell it. */
  @ParameterizedTest
  @CsvSource({
    "transformer.single_transformer_blocks.1.attn.to_k.lora_A.weight",
    "transformer.single_transformer_blocks.1.attn.to_k.lora_A.default_0.weight",
    "transformer.single_transformer_blocks.1.attn.to_k.lora_A",
    "transformer.single_transformer_blocks.1.attn.to_k.lora_down.weight",
    "transformer.single_transformer_blocks.1.attn.to_k.lora.down.weight",
    "transformer.single_transformer_blocks.1.attn.to_k.lora_linear_layer.down.weight",
    "transformer.single_transformer_blocks.1.attn.processor.to_k_lora.down.weight",
    "single_transformer_blocks.1.attn.to_k.lora_A.weight",
    "base_model.model.single_transformer_blocks.1.attn.to_k.lora_A.weight",
    "base_model.model.transformer.single_transformer_blocks.1.attn.to_k.lora_A.weight",
    "diffusion_model.single_transformer_blocks.1.attn.to_k.lora_A.weight",
    "lora_unet_single_transformer_blocks_1_attn_to_k.lora_down.weight",
    "lora_transformer_single_transformer_blocks_1_attn_to_k.lora_down.weight",
    "lycoris_single_transformer_blocks_1_attn_to_k.lora_down.weight",
  })
  void readsOneChangeInEverySpelling(String down) {
    String up = KeyPart.counterpart(down, KeyPart.DOWN, KeyPart.UP);
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add(down, List.of(4L, 64L), ones(256));
    writer.add(up, List.of(64L, 4L), ones(256));

    HostAdapter adapter = read(writer);

    assertEquals(
        "single_transformer_blocks.1.attn.to_k", adapter.changes().getFirst().layer().module());
    assertEquals(4, adapter.rank());
  }

  /** With the text encoders, and where only the transformer is known. */
  @ParameterizedTest
  @CsvSource({
    "lora_te1_text_model_encoder_layers_1_mlp_fc1.lora_down.weight, encoder.layers.1.mlp.fc1",
    "lora_te_text_model_encoder_layers_1_mlp_fc1.lora_down.weight, encoder.layers.1.mlp.fc1",
    "text_encoder.text_model.encoder.layers.1.mlp.fc1.lora_A.weight, encoder.layers.1.mlp.fc1",
    "text_encoders.clip_l.transformer.text_model.encoder.layers.1.mlp.fc1.lora_A.weight,"
        + " encoder.layers.1.mlp.fc1",
    "lora_te2_encoder_block_0_layer_1_DenseReluDense_wi_0.lora_down.weight,"
        + " encoder.block.0.layer.1.DenseReluDense.wi_0",
    "lora_te3_encoder_block_0_layer_1_DenseReluDense_wi_0.lora_down.weight,"
        + " encoder.block.0.layer.1.DenseReluDense.wi_0",
    "text_encoders.t5xxl.transformer.encoder.block.0.layer.1.DenseReluDense.wi_0.lora_A.weight,"
        + " encoder.block.0.layer.1.DenseReluDense.wi_0",
  })
  void readsWhatChangesATextEncoder(String down, String module) {
    ModelFolder folder = ModelFolder.open(Path.of("src/test/resources/tiny"));
    long outputs =
        module.startsWith("encoder.block")
            ? folder.t5().tensors().byName().get(module + ".weight").getFirst()
            : folder.clip().tensors().byName().get(module + ".weight").getFirst();
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add(down, List.of(2L, 64L), ones(128));
    writer.add(
        KeyPart.counterpart(down, KeyPart.DOWN, KeyPart.UP),
        List.of(outputs, 2L),
        ones((int) (2 * outputs)));

    HostAdapter adapter = new AdapterReader(folder).read(write(writer));

    assertEquals(module, adapter.changes().getFirst().layer().module());
    assertTrue(adapter.changesText());
    assertEquals(1, new AdapterReader(MODEL).check(write(writer)).modules());
  }

  @Test
  void refusesADoraWithoutMagnitudes() {
    SafetensorsWriter writer = kohya("lora_unet_img_in", 1, 64, ones(64));
    writer.metadata("lora_adapter_metadata", "{\"transformer.use_dora\": true}");

    assertRefused(writer, "has no counterpart 'lora_unet_img_in.lora_magnitude_vector'");
  }

  @Test
  void namesTheFirstWrongKeyOfALokr() {
    SafetensorsWriter lone = new SafetensorsWriter();
    lone.add("lora_unet_img_in.lokr_w1", List.of(8L, 8L), ones(64));
    assertRefused(lone, "lora_unet_img_in.lokr_w1' belongs to a LoKr without its other factor");
    SafetensorsWriter shape = new SafetensorsWriter();
    shape.add("lora_unet_img_in.lokr_w1", List.of(8L, 8L), ones(64));
    shape.add("lora_unet_img_in.lokr_w2", List.of(4L, 8L), ones(32));
    assertRefused(shape, "is of a LoKr of shape [32, 64], but this model needs [64, 64]");
    SafetensorsWriter half = new SafetensorsWriter();
    half.add("lora_unet_img_in.lokr_w1", List.of(8L, 8L), ones(64));
    half.add("lora_unet_img_in.lokr_w2_a", List.of(8L, 2L), ones(16));
    assertRefused(half, "lokr_w2_a' has no counterpart 'lora_unet_img_in.lokr_w2_b'");
  }

  @Test
  void refusesControlLorasThatWidenTheModel() {
    String reason = "this is a control LoRA that widens the model's input";
    for (String layer : List.of("img_in", "transformer.x_embedder", "lora_unet_img_in")) {
      SafetensorsWriter wider = new SafetensorsWriter();
      pair(wider, layer, 4, 128, new float[256]);
      assertRefused(wider, layer + ".lora_down.weight' has shape [4, 128], but this model needs");
      assertRefused(wider, reason);
    }
    SafetensorsWriter fill = new SafetensorsWriter();
    pair(fill, "img_in", 4, 384, new float[256]);
    assertRefused(fill, "this is a LoRA for FLUX.1 Fill that widens the model's input");
    SafetensorsWriter other = new SafetensorsWriter();
    pair(other, "txt_in", 4, 128, new float[256]);
    assertRefused(other, "txt_in.lora_down.weight' has shape [4, 128], but this model needs [4, ");
  }

  @Test
  void refusesKeysOfOtherKindsByName() {
    assertRefused(
        extra("lora_te2_text_model_encoder_layers_0_mlp_fc1.alpha"),
        "adapts a text encoder that FLUX.1 does not have");
    assertRefused(
        extra("text_encoder_3.encoder.block.0.layer.0.SelfAttention.q.lora_A.weight"),
        "adapts a text encoder that FLUX.1 does not have");
    assertRefused(
        extra("text_encoder.text_model.encoder.layers.0.mlp.fc1.dora_scale"),
        "a DoRA of a text encoder");
    assertRefused(extra("lora_unet_img_in.dora_scale"), "dora_scale' belongs to a DoRA, but no");
    assertRefused(extra("lora_unet_img_in.hada_t1"), "a change of a convolution");
    assertRefused(extra("lora_unet_img_in.oft_blocks"), "an OFT adapter");
    assertRefused(extra("lora_unet_img_in.a1.weight"), "a GLoRA");
    assertRefused(extra("diffusion_model.img_in.set_weight"), "replaces a whole weight");
    SafetensorsWriter whole = kohya("lora_unet_img_in", 1, 64, new float[64]);
    whole.add("transformer.proj_out.weight", List.of(64L, 64L), new float[4096]);
    assertRefused(whole, "proj_out.weight' is a whole weight or bias");
  }

  @Test
  void refusesPicklesOfEitherKind() throws IOException {
    byte[] zip = new byte[64];
    zip[0] = 'P';
    zip[1] = 'K';
    zip[2] = 3;
    zip[3] = 4;
    byte[] bare = new byte[64];
    bare[0] = (byte) 0x80;
    bare[1] = 2;
    for (byte[] content : List.of(zip, bare)) {
      Path file = Files.write(folder.resolve("adapter.safetensors"), content);
      assertRefused(file, "is a pickle");
    }
  }

  @Test
  void takesAHeaderWhoseLengthLooksLikeAPickle() {
    SafetensorsWriter writer = new SafetensorsWriter();
    pair(writer, "lora_unet_img_in", 1, 64, new float[64]);
    int length = 640;
    // The header is padded to a multiple of 8: a scalar's name fills up what is missing.
    writer.add("lora_unet_img_in.alpha", List.of(), new float[] {1});
    Path file = write(writer);
    int header = headerLength(file);
    writer = new SafetensorsWriter();
    pair(writer, "lora_unet_img_in", 1, 64, new float[64]);
    String filler = "x".repeat(length - header + "lora_unet_img_in.alpha".length());
    writer.add(filler, List.of(), new float[] {1});
    file = write(writer);

    assertEquals(length, headerLength(file));
    assertRefused(file, filler + "' belongs to no pair");
  }

  @Test
  void refusesAFileThatWouldChangeNothing() {
    SafetensorsWriter alpha = kohya("lora_unet_img_in", 2, 64, ones(128));
    alpha.add("lora_unet_img_in.alpha", List.of(), new float[] {0});

    assertRefused(alpha, "has no effect");
    assertRefused(kohya("lora_unet_img_in", 2, 64, new float[128]), "has no effect");
    assertEquals(1, read(kohya("lora_unet_img_in", 2, 64, ones(128))).modules());
  }

  private static float[] ones(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void namesAMissingFile() {
    assertRefused(folder.resolve("gone.safetensors"), "can't be read");
  }

  private static int headerLength(Path file) {
    try (var in = Files.newInputStream(file)) {
      byte[] prefix = in.readNBytes(2);
      return (prefix[0] & 255) + 256 * (prefix[1] & 255);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static SafetensorsWriter extra(String key) {
    return new SafetensorsWriter().add(key, List.of(1L), new float[1]);
  }

  private static SafetensorsWriter kohya(String layer, int rank, int inputs, float[] up) {
    SafetensorsWriter writer = new SafetensorsWriter();
    pair(writer, layer, rank, inputs, up);
    return writer;
  }

  private static void pair(
      SafetensorsWriter writer, String layer, int rank, int inputs, float[] up) {
    float[] down = new float[rank * inputs];
    Arrays.fill(down, 1);
    writer.add(layer + ".lora_down.weight", List.of((long) rank, (long) inputs), down);
    writer.add(layer + ".lora_up.weight", List.of((long) up.length / rank, (long) rank), up);
  }

  private Path write(SafetensorsWriter writer) {
    Path file = folder.resolve("adapter.safetensors");
    writer.write(file);
    return file;
  }

  private HostAdapter read(SafetensorsWriter writer) {
    return new AdapterReader(MODEL).read(write(writer));
  }

  private void assertRefused(SafetensorsWriter writer, String fault) {
    assertRefused(write(writer), fault);
  }

  private static void assertRefused(Path file, String fault) {
    AdapterReader reader = new AdapterReader(MODEL);
    var refusal = assertThrows(AdapterException.class, () -> reader.read(file));

    assertTrue(refusal.getMessage().startsWith(file.toString()), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(fault), refusal.getMessage());
  }
}
