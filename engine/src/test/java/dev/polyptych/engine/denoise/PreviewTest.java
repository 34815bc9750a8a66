package dev.polyptych.engine.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.image.PreviewEncoder;
import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.sheet.PanelFit;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.engine.tiny.TinyModel;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.weights.model.ModelFolderException;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreviewTest {
  private static final EngineOptions OPTIONS = EngineOptions.cpu(ComputeType.FLOAT32);
  private static final DenoiseRequest SHEET =
      new DenoiseRequest("a bear wins a balloon", 64, 96, 4, 3.5, 42);

  @TempDir Path folder;

  @Test
  void looksLikeTheFinishedSheetBeforeItIsFinished() {
    try (FluxPipeline pipeline = FluxPipeline.open(TinyModels.folder(), OPTIONS);
        Denoising run = pipeline.start(SHEET)) {
      SheetPixels[] previews = new SheetPixels[5];
      for (int step = 0; step <= 4; step++) {
        previews[step] = run.preview();
        if (step < 4) {
          run.step();
        }
      }

      SheetPixels sheet = PanelFit.fit(run.decode(), 8, 12);
      // A random decoder is far from linear; a trained one is much closer.
      assertTrue(likeness(previews[4], sheet) > 0.2, "last " + likeness(previews[4], sheet));
      assertTrue(
          likeness(previews[3], sheet) > likeness(previews[0], sheet),
          likeness(previews[0], sheet) + " then " + likeness(previews[3], sheet));
      assertTrue(PreviewEncoder.jpeg(previews[4]).length <= PreviewEncoder.MAX_BYTES);
    }
  }

  @Test
  void takesTheMapOfTheModelFolder() throws IOException {
    TinyModel.write(folder, List.of());
    new SafetensorsWriter()
        .add("weight", List.of(3L, 16L), new float[48])
        .add("bias", List.of(3L), new float[] {1, 0, -1})
        .write(folder.resolve("preview.safetensors"));

    try (FluxPipeline pipeline = FluxPipeline.open(folder, OPTIONS);
        Denoising run = pipeline.start(SHEET)) {
      assertArrayEquals(
          new byte[] {(byte) 255, (byte) 128, 0}, Arrays.copyOf(run.preview().rgb(), 3));
    }
  }

  @Test
  void refusesAMapOfAnotherModel() throws IOException {
    TinyModel.write(folder, List.of());
    Path file = folder.resolve("preview.safetensors");
    new SafetensorsWriter().add("weight", List.of(3L, 4L), new float[12]).write(file);

    var refusal =
        assertThrows(ModelFolderException.class, () -> FluxPipeline.open(folder, OPTIONS));

    assertTrue(refusal.getMessage().startsWith(file.toString()), refusal.getMessage());
  }

  @Test
  void knowsThePublishedMapOfFlux() {
    float[] packed = new float[64];
    packed[4 * 9] = 1; // channel 9 of the upper left cell

    SheetPixels picture = PreviewMap.flux().picture(packed, new Grid(1, 1));

    assertEquals(Math.round((0.1008 - 0.0329 + 1) * 127.5), picture.rgb()[0] & 255);
    assertEquals(Math.round((-0.0329 + 1) * 127.5), picture.rgb()[3] & 255);
  }

  /** Correlation of two pictures' values. */
  private static double likeness(SheetPixels left, SheetPixels right) {
    PictureStatistics a = PictureStatistics.of(left.rgb());
    PictureStatistics b = PictureStatistics.of(right.rgb());
    double sum = 0;
    for (int i = 0; i < left.rgb().length; i++) {
      sum += ((left.rgb()[i] & 255) - a.mean()) * ((right.rgb()[i] & 255) - b.mean());
    }
    return sum / left.rgb().length / (a.spread() * b.spread());
  }
}
