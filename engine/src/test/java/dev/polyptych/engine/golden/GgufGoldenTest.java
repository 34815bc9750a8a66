package dev.polyptych.engine.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.Denoising.Progress;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.denoise.PackedLatents;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.weights.gguf.GgufFile;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GGUF files against what the package gguf reads from them ({@code make_gguf_goldens.py}). */
class GgufGoldenTest {
  private static final Path FILES = Path.of("src/test/resources/goldens/gguf").toAbsolutePath();
  private static final Path MODEL = Golden.DEV.model().toAbsolutePath();

  @TempDir Path temporary;

  private record Drawn(float[] latents, byte[] pixels) {}

  @Test
  void decodesEachTypeToTheBitsThatGgufDecodesItTo() {
    try (GgufFile file = GgufFile.open(FILES.resolve("blocks.gguf"));
        SafetensorsFile expected = SafetensorsFile.open(FILES.resolve("expected.safetensors"))) {
      assertEquals(11, file.names().size());
      for (String type : file.names()) {
        assertEquals(type, file.storedType(type));
        assertArrayEquals(expected.floats("blocks." + type), file.floats(type), type);
      }
    }
  }

  @Test
  void aTransformerAndT5DrawWhatDiffusersDrawsWithGgufsValues() throws IOException {
    Path model =
        parts(FILES.resolve("transformer.gguf"), FILES.resolve("t5.gguf"), MODEL, "model.yaml");

    Drawn drawn = draw(model, EngineOptions.cpu(ComputeType.FLOAT32));

    try (SafetensorsFile expected = SafetensorsFile.open(FILES.resolve("expected.safetensors"))) {
      Tolerance.check(
          "gguf", ComputeType.FLOAT32, expected.floats("drawn.gguf.latents"), drawn.latents());
    }
  }

  /** Fused and swapped tensors, too: the files have the names of Black Forest Labs. */
  @ParameterizedTest
  @EnumSource(
      value = WeightType.class,
      names = {"FLOAT32", "BFLOAT16", "FLOAT8"})
  void drawsTheBitsOfTheSameValuesInSafetensors(WeightType type) throws IOException {
    EngineOptions options = options(type);
    Path t5 = FILES.resolve("t5.gguf");
    Path transformer = FILES.resolve("transformer.gguf");

    Drawn drawn = draw(parts(transformer, t5, MODEL, "gguf.yaml"), options);

    Drawn expected =
        draw(parts(safetensors(transformer), safetensors(t5), MODEL, "plain.yaml"), options);
    assertSame(expected, drawn);
  }

  /** Rows of the "dev" folder's transformer are too short for blocks of 256 values. */
  @ParameterizedTest
  @EnumSource(
      value = WeightType.class,
      names = {"FLOAT32", "FLOAT8"})
  void typesOfLongBlocksDrawTheBitsOfTheSameValuesInSafetensors(WeightType type)
      throws IOException {
    Path config = wideModel();
    Path gguf =
        RandomGguf.write(
            temporary.resolve("wide.gguf"), ModelFolder.open(config).transformer().tensors());
    Path t5 = MODEL.resolve("text_encoder_2");
    EngineOptions options = options(type);

    Drawn drawn = draw(parts(gguf, t5, config, "gguf.yaml"), options);

    Drawn expected = draw(parts(safetensors(gguf), t5, config, "plain.yaml"), options);
    assertSame(expected, drawn);
    try (GgufFile file = GgufFile.open(gguf)) {
      assertEquals(
          Set.of("F32", "Q4_K", "Q5_K", "Q6_K"),
          Set.copyOf(file.names().stream().map(file::storedType).distinct().toList()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"transformer", "t5"})
  void aRunWithDamagedHeadersIsRefused(String part) throws IOException {
    byte[] bytes = Files.readAllBytes(FILES.resolve(part + ".gguf"));
    Path damaged = temporary.resolve("damaged.gguf");
    Files.write(damaged, java.util.Arrays.copyOf(bytes, bytes.length - 64));
    boolean t5 = part.equals("t5");
    Path model =
        parts(
            t5 ? FILES.resolve("transformer.gguf") : damaged,
            t5 ? damaged : FILES.resolve("t5.gguf"),
            MODEL,
            "model.yaml");

    assertThrows(
        dev.polyptych.weights.model.ModelFolderException.class,
        () -> draw(model, EngineOptions.cpu(ComputeType.FLOAT32)));
  }

  private static EngineOptions options(WeightType type) {
    ComputeType computing =
        type == WeightType.BFLOAT16 ? ComputeType.BFLOAT16 : ComputeType.FLOAT32;
    return EngineOptions.cpu(computing).with(type);
  }

  /** A model of the "dev" folder with a transformer that is 256 wide. */
  private Path wideModel() throws IOException {
    Path model = temporary.resolve("wide");
    for (String part :
        List.of("transformer", "text_encoder", "text_encoder_2", "vae", "scheduler")) {
      Files.createDirectories(model.resolve(part));
      String name = part.equals("scheduler") ? "scheduler_config.json" : "config.json";
      Files.copy(MODEL.resolve(part).resolve(name), model.resolve(part).resolve(name));
    }
    Files.copy(MODEL.resolve("model_index.json"), model.resolve("model_index.json"));
    Path config = model.resolve("transformer/config.json");
    ObjectNode root = (ObjectNode) new ObjectMapper().readTree(config.toFile());
    root.put("num_attention_heads", 16).put("num_layers", 1).put("num_single_layers", 1);
    Files.writeString(config, root.toString());
    return model;
  }

  /** The same tensors in float32. */
  private Path safetensors(Path gguf) {
    Path copy = temporary.resolve(gguf.getFileName() + ".safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    try (GgufFile file = GgufFile.open(gguf)) {
      file.names().forEach(name -> writer.add(name, file.entry(name).shape(), file.floats(name)));
    }
    writer.write(copy);
    return copy;
  }

  private Path parts(Path transformer, Path t5, Path config, String name) throws IOException {
    return Files.writeString(
        temporary.resolve(name),
        """
        transformer: %s
        t5: %s
        clip: %s
        vae: %s
        config: %s
        tokenizers: %s
        """
            .formatted(
                transformer,
                t5,
                MODEL.resolve("text_encoder"),
                MODEL.resolve("vae"),
                config,
                MODEL));
  }

  private static void assertSame(Drawn expected, Drawn drawn) {
    assertArrayEquals(expected.latents(), drawn.latents());
    assertArrayEquals(expected.pixels(), drawn.pixels());
  }

  private static Drawn draw(Path model, EngineOptions options) {
    float[] initial = Golden.DEV.expected("latents");
    int tokens = Golden.WIDTH * Golden.HEIGHT / 256;
    DenoiseRequest request =
        new DenoiseRequest(
            List.copyOf(Golden.prompts()).getFirst(),
            Golden.WIDTH,
            Golden.HEIGHT,
            Golden.STEPS,
            Golden.GUIDANCE,
            0);
    Progress start = new Progress(0, new PackedLatents(tokens, initial.length / tokens, initial));
    try (FluxPipeline pipeline = FluxPipeline.open(model, options);
        Denoising run = pipeline.resume(request, start)) {
      while (!run.finished()) {
        run.step();
      }
      return new Drawn(run.progress().latents().values(), run.decode().rgb());
    }
  }
}
