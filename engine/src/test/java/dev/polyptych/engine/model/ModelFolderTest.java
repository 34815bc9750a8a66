package dev.polyptych.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.ModelFolderException;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
  private static final Path GOOD = TinyModels.folder();
  private static final Path SHARDED = Path.of("src/test/resources/goldens/schnell/model");

  @TempDir Path folder;

  @BeforeEach
  void copyGoodFolder() throws IOException {
    copy(GOOD);
  }

  @Test
  void tellsItsSize() {
    assertEquals(
        "transformer 11.9 G parameters, text encoders 4.9 G, autoencoder 83.8 M",
        ModelFolder.fluxDev().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model_index.json",
        "transformer/config.json",
        "transformer/diffusion_pytorch_model.safetensors",
        "text_encoder/config.json",
        "text_encoder/model.safetensors",
        "text_encoder_2/model.safetensors",
        "tokenizer/vocab.json",
        "tokenizer/tokenizer_config.json",
        "tokenizer_2/tokenizer.json",
        "vae/config.json",
        "vae/diffusion_pytorch_model.safetensors",
        "scheduler/scheduler_config.json"
      })
  void namesAMissingFile(String file) throws IOException {
    Files.delete(folder.resolve(file));

    String part = Path.of(file).getParent() == null ? file : Path.of(file).getParent().toString();
    assertRefused(part, "is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transformer/diffusion_pytorch_model.safetensors",
        "text_encoder_2/model.safetensors"
      })
  void namesATruncatedFile(String file) throws IOException {
    try (RandomAccessFile shortened = new RandomAccessFile(folder.resolve(file).toFile(), "rw")) {
      shortened.setLength(shortened.length() - 1);
    }

    assertRefused(file, "truncated?", "download this part of the model again");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scheduler/scheduler_config.json | _class_name | \"DDIMScheduler\" | FlowMatchEulerDiscreteScheduler",
        "scheduler/scheduler_config.json | use_karras_sigmas | true | needs false",
        "scheduler/scheduler_config.json | shift_terminal | 0.02 | needs null",
        "model_index.json | _class_name | \"StableDiffusionPipeline\" | FluxPipeline",
        "transformer/config.json | num_layers | \"two\" | a whole number above 0",
        "transformer/config.json | num_attention_heads | 0 | a whole number above 0",
        "transformer/config.json | in_channels | 384 | vae's latent_channels times 4",
        "transformer/config.json | joint_attention_dim | 4096 | text_encoder_2's d_model",
        "transformer/config.json | axes_dims_rope | [16,56,56] | add up to attention_head_dim",
        "transformer/config.json | num_layers | 3 | lacks tensor 'transformer_blocks.2.",
        "text_encoder/config.json | hidden_act | \"relu6\" | one of",
        "text_encoder_2/config.json | model_type | \"umt5\" | one of [t5]",
        "text_encoder_2/config.json | d_ff | 96 | but config.json asks for [96, 64]",
        "vae/config.json | norm_num_groups | 7 | multiples of norm_num_groups",
        "tokenizer_2/tokenizer_config.json | pad_token | null | the padding token"
      })
  void namesTheFieldThatItCanNotDrawWith(String file, String field, String value, String fault)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode config = (ObjectNode) json.readTree(folder.resolve(file).toFile());
    JsonNode changed = json.readTree(value);
    json.writeValue(folder.resolve(file).toFile(), config.set(field, changed));

    assertRefused(
        Path.of(file).getParent() == null ? file : Path.of(file).getParent().toString(), fault);
  }

  @Test
  void namesATensorOfATypeThatItCanNotLoad() throws IOException {
    Path file = folder.resolve("text_encoder/model.safetensors");
    String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    Files.writeString(
        file, text.replace("\"F32\"", "\"I32\""), java.nio.charset.StandardCharsets.ISO_8859_1);

    assertRefused(
        "text_encoder/model.safetensors", "of type I32", "use weights in F32, F16 or BF16");
  }

  @Test
  void namesAMissingShard() throws IOException {
    copy(SHARDED);
    Files.delete(folder.resolve("transformer/diffusion_pytorch_model-00002-of-00003.safetensors"));

    assertRefused("diffusion_pytorch_model-00002-of-00003.safetensors", "is missing");
  }

  @Test
  void namesATruncatedShard() throws IOException {
    copy(SHARDED);
    String shard = "transformer/diffusion_pytorch_model-00002-of-00003.safetensors";
    try (RandomAccessFile shortened = new RandomAccessFile(folder.resolve(shard).toFile(), "rw")) {
      shortened.setLength(shortened.length() - 1);
    }

    assertRefused(shard, "truncated?", "download this part of the model again");
  }

  @Test
  void namesAShardThatLacksWhatTheIndexPromises() throws IOException {
    copy(SHARDED);
    String shard = "transformer/diffusion_pytorch_model-00003-of-00003.safetensors";
    new SafetensorsWriter().add("other", List.of(1L), new float[1]).write(folder.resolve(shard));

    assertRefused(shard, "that the index puts there");
  }

  @Test
  void refusesAnIndexThatPointsOutsideTheFolder() throws IOException {
    copy(SHARDED);
    Path index = folder.resolve("transformer/diffusion_pytorch_model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\":{\"a\":\"../../secret.safetensors\"}}");

    assertRefused("index.json", "outside its folder");
  }

  @Test
  void refusesWhatIsNotThere() {
    var refusal =
        assertThrows(ModelFolderException.class, () -> ModelFolder.open(folder.resolve("none")));

    assertEquals(
        folder.resolve("none")
            + " is neither a folder nor a file; give the folder that holds model_index.json,"
            + " a safetensors file, or a model file (YAML)",
        refusal.getMessage());
  }

  private void assertRefused(String... parts) {
    EngineOptions options = EngineOptions.cpu(ComputeType.FLOAT32);
    var refusal =
        assertThrows(ModelFolderException.class, () -> FluxPipeline.open(folder, options));
    for (String part : parts) {
      assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    }
    assertTrue(refusal.getMessage().contains("; "), "no remedy in: " + refusal.getMessage());
  }

  private void copy(Path good) throws IOException {
    try (Stream<Path> files = Files.walk(good)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = folder.resolve(good.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
