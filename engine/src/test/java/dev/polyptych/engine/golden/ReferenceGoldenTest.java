package dev.polyptych.engine.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.denoise.PackedLatents;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.sheet.PanelFit;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceGoldenTest {
  private static final Path ROOT = Path.of("src/test/resources/goldens/references");
  private static final Layout LAYOUT = new Layout(3, 1, Golden.WIDTH, Golden.HEIGHT / 3);

  /** The reference computes the kept panel's tokens, too; only we then paste its own pixels. */
  private static final Set<Integer> KEPT = Set.of(2);

  @ParameterizedTest
  @CsvSource({"DEV, 1.0", "DEV, 0.6", "SCHNELL, 1.0", "SCHNELL, 0.6"})
  void paintsAroundAKeptPanelAsTheReferenceDoes(Golden golden, double strength) {
    compare(golden, "masked." + strength, KEPT, strength);
  }

  @ParameterizedTest
  @CsvSource({"DEV, 1.0", "DEV, 0.6", "SCHNELL, 1.0", "SCHNELL, 0.6"})
  void drawsFromAPictureAsTheReferenceDoes(Golden golden, double strength) {
    compare(golden, "image." + strength, Set.of(), strength);
  }

  @ParameterizedTest
  @EnumSource(Golden.class)
  void givesBackTheKeptPanelsOwnPixels(Golden golden) {
    SheetPixels sheet = sheet(golden);
    try (FluxPipeline pipeline = open(golden);
        Denoising run = start(golden, pipeline, KEPT, 1)) {
      finish(run);

      int panel = sheet.rgb().length / 3;
      assertArrayEquals(
          Arrays.copyOfRange(sheet.rgb(), panel, 2 * panel),
          Arrays.copyOfRange(run.decode().rgb(), panel, 2 * panel));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"130x66", "200x90", "64x80", "64x20"})
  void fitsAPictureToAPanelByteForByteAsPillowDoes(String size) {
    try (SafetensorsFile file = SafetensorsFile.open(ROOT.resolve("fitted.safetensors"))) {
      SheetPixels fitted = PanelFit.fit(picture(file, size), 64, 32);

      assertArrayEquals(picture(file, size + ".fitted").rgb(), fitted.rgb());
    }
  }

  private static void compare(Golden golden, String name, Set<Integer> kept, double strength) {
    try (FluxPipeline pipeline = open(golden);
        Denoising run = start(golden, pipeline, kept, strength)) {
      finish(run);

      float[] latents = run.progress().latents().values();
      Tolerance.check(
          golden + " " + name, ComputeType.FLOAT32, floats(golden, name + ".latents"), latents);
      float[] pixels = floats(golden, name + ".pixels");
      byte[] drawn = run.decode().rgb();
      if (!kept.isEmpty()) {
        // The kept panel is pasted, not decoded.
        int panel = pixels.length / 3;
        System.arraycopy(floats(golden, "sheet"), panel, pixels, panel, panel);
      }
      Tolerance.checkPicture(golden + " " + name, pixels, drawn);
      assertEquals(strength < 1 ? 3 : 4, run.steps());
    }
  }

  private static FluxPipeline open(Golden golden) {
    return FluxPipeline.open(golden.model(), EngineOptions.cpu(ComputeType.FLOAT32));
  }

  private static Denoising start(
      Golden golden, FluxPipeline pipeline, Set<Integer> kept, double strength) {
    String prompt = Golden.prompts().getFirst();
    DenoiseRequest request =
        new DenoiseRequest(prompt, Golden.WIDTH, Golden.HEIGHT, Golden.STEPS, Golden.GUIDANCE, 0)
            .from(new ReferenceSheet(sheet(golden), LAYOUT, kept, strength));
    float[] noise = floats(golden, "noise");
    int tokens = Golden.WIDTH / 16 * (Golden.HEIGHT / 16);
    return pipeline.start(request, new PackedLatents(tokens, noise.length / tokens, noise));
  }

  private static void finish(Denoising run) {
    while (!run.finished()) {
      run.step();
    }
  }

  private static SheetPixels sheet(Golden golden) {
    try (SafetensorsFile file = file(golden)) {
      return picture(file, "sheet");
    }
  }

  private static SheetPixels picture(SafetensorsFile file, String name) {
    List<Long> shape = file.entry(name).shape();
    float[] values = file.floats(name);
    byte[] rgb = new byte[values.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) values[i];
    }
    return new SheetPixels(shape.get(1).intValue(), shape.get(0).intValue(), rgb);
  }

  private static float[] floats(Golden golden, String name) {
    try (SafetensorsFile file = file(golden)) {
      return file.floats(name);
    }
  }

  private static SafetensorsFile file(Golden golden) {
    return SafetensorsFile.open(
        ROOT.resolve(golden.name().toLowerCase(Locale.ROOT) + ".safetensors"));
  }
}
