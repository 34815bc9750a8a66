package dev.polyptych.engine.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.Denoising.Progress;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.denoise.PackedLatents;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.weights.model.ModelFolderException;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The "dev" folder's weights in the files of other tools ({@code make_file_goldens.py}). */
class ModelFileGoldenTest {
  private static final Path FILES = Path.of("src/test/resources/goldens/files").toAbsolutePath();
  private static final Path MODEL = Golden.DEV.model().toAbsolutePath();

  @TempDir Path temporary;

  private record Drawn(float[] latents, byte[] pixels) {}

  @Test
  void anAllInOneFileDrawsTheFoldersPicture() throws IOException {
    Path model =
        parts("transformer: " + FILES.resolve("all-in-one.safetensors"), "config: " + MODEL);

    assertSame(draw(MODEL), draw(model));
  }

  @Test
  void partsFromFilesAndFoldersDrawTheFoldersPicture() throws IOException {
    Path model =
        parts(
            "transformer: " + FILES.resolve("all-in-one.safetensors"),
            "clip: " + MODEL.resolve("text_encoder/model.safetensors"),
            "t5: " + MODEL.resolve("text_encoder_2"),
            "vae: " + FILES.resolve("all-in-one.safetensors"),
            "config: " + MODEL);

    assertSame(draw(MODEL), draw(model));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fp16", "bf16"})
  void aVariantsFilesDrawTheFoldersPicture(String variant) throws IOException {
    try (Stream<Path> files = Files.walk(MODEL)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String named = MODEL.relativize(file).toString();
        Path copy =
            temporary.resolve(named.replace(".safetensors", "." + variant + ".safetensors"));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }

    assertSame(draw(MODEL), draw(temporary));
  }

  @Test
  void float8IsWidenedAsStored() throws IOException {
    Path model =
        parts(
            "transformer: " + FILES.resolve("transformer-fp8.safetensors"),
            "clip: " + MODEL.resolve("text_encoder"),
            "t5: " + MODEL.resolve("text_encoder_2"),
            "vae: " + MODEL.resolve("vae"),
            "config: " + MODEL);

    check("fp8", draw(model));
  }

  @ParameterizedTest
  @CsvSource({"transformer-scale_weight", "transformer-weight_scale"})
  void float8IsWidenedWithItsScales(String transformer) throws IOException {
    Path model =
        parts(
            "transformer: " + FILES.resolve(transformer + ".safetensors"),
            "clip: " + MODEL.resolve("text_encoder"),
            "t5: " + FILES.resolve("t5-scale_weight.safetensors"),
            "vae: " + MODEL.resolve("vae"),
            "config: " + MODEL);

    check("scaled", draw(model));
  }

  @Test
  void refusesOtherVocabulariesWithoutTokenizers() throws IOException {
    Path model =
        parts("transformer: " + FILES.resolve("all-in-one.safetensors"), "config: " + MODEL);
    Files.writeString(model, Files.readString(model).replaceFirst("(?m)^tokenizers.*$", ""));

    var refusal = assertThrows(ModelFolderException.class, () -> draw(model));

    assertTrue(refusal.getMessage().contains("'tokenizers:'"), refusal.getMessage());
  }

  private Path parts(String... lines) throws IOException {
    Path file = temporary.resolve("model.yaml");
    return Files.writeString(file, String.join("\n", lines) + "\ntokenizers: " + MODEL + "\n");
  }

  private static void assertSame(Drawn expected, Drawn drawn) {
    assertArrayEquals(expected.latents(), drawn.latents());
    assertArrayEquals(expected.pixels(), drawn.pixels());
  }

  private static void check(String name, Drawn drawn) {
    try (SafetensorsFile expected = SafetensorsFile.open(FILES.resolve("expected.safetensors"))) {
      Tolerance.check(
          name,
          ComputeType.FLOAT32,
          expected.floats("drawn." + name + ".latents"),
          drawn.latents());
      Tolerance.checkPicture(name, expected.floats("drawn." + name + ".pixels"), drawn.pixels());
    }
  }

  private static Drawn draw(Path model) {
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
    try (FluxPipeline pipeline = FluxPipeline.open(model, EngineOptions.cpu(ComputeType.FLOAT32));
        Denoising run = pipeline.resume(request, start)) {
      while (!run.finished()) {
        run.step();
      }
      return new Drawn(run.progress().latents().values(), run.decode().rgb());
    }
  }
}
