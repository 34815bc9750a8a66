package dev.polyptych.engine.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.blueprint.ConfigFiles;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.sheet.PanelCutter;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.engine.tiny.RandomWeights;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** References on models whose tokens are not 16 pixels wide, as FLUX.1's are. */
class TokenEdgeTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32})
  void drawsAroundAReferenceAtAnyEdge(int edge) throws IOException {
    Layout layout = new Layout(1, 2, 2 * edge, edge);
    SheetPixels reference = flat(2 * edge, edge, 77);
    ReferenceSheet sheet =
        ReferenceSheet.compose(layout, Map.of(2, reference), Optional.empty(), 1);

    try (FluxPipeline pipeline = open(edge);
        Denoising run = pipeline.start(request(layout).from(sheet))) {
      while (!run.finished()) {
        run.step();
      }
      List<SheetPixels> panels = PanelCutter.cut(run.decode(), layout);

      assertEquals(edge, pipeline.tokenEdge());
      assertArrayEquals(reference.rgb(), panels.get(1).rgb());
      assertFalse(Arrays.equals(reference.rgb(), panels.get(0).rgb()));
    }
  }

  @Test
  void refusesPanelsWhoseBordersAreInsideATokenNamingTheEdge() throws IOException {
    Layout layout = new Layout(1, 2, 16, 32);
    ReferenceSheet sheet =
        ReferenceSheet.compose(layout, Map.of(1, flat(16, 32, 5)), Optional.empty(), 1);

    try (FluxPipeline pipeline = open(32)) {
      DenoiseRequest request = request(layout).from(sheet);
      int before = pipeline.liveArrays();
      var refusal = assertThrows(IllegalArgumentException.class, () -> pipeline.start(request));

      assertTrue(refusal.getMessage().contains("multiples of 32 pixels"), refusal.getMessage());
      assertEquals(before, pipeline.liveArrays());
    }
  }

  private static DenoiseRequest request(Layout layout) {
    return new DenoiseRequest("x", layout.sheetWidth(), layout.sheetHeight(), 2, 3.5, 1);
  }

  /** The tiny model with an autoencoder of as many resolutions as give the edge. */
  private FluxPipeline open(int edge) throws IOException {
    ModelFolder tiny = ModelFolder.open(TinyModels.folder());
    List<Integer> widths =
        IntStream.range(0, Integer.numberOfTrailingZeros(edge)).mapToObj(level -> 16).toList();
    ModelFolder changed =
        new ModelFolder(
            folder,
            tiny.transformer(),
            tiny.clip(),
            tiny.t5(),
            new AutoencoderConfig(16, widths, 1, 8, 0.3611, 0.1159, true, false, false),
            tiny.scheduler());
    ConfigFiles.write(changed, "T5Tokenizer");
    RandomWeights.fill(changed);
    for (String tokenizer : List.of("tokenizer", "tokenizer_2")) {
      Files.createDirectories(folder.resolve(tokenizer));
      try (Stream<Path> files = Files.list(tiny.path().resolve(tokenizer))) {
        for (Path file : files.toList()) {
          Files.copy(file, folder.resolve(tokenizer).resolve(file.getFileName()));
        }
      }
    }
    return FluxPipeline.open(folder, EngineOptions.cpu(ComputeType.FLOAT32));
  }

  private static SheetPixels flat(int width, int height, int value) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) value);
    return new SheetPixels(width, height, rgb);
  }
}
