package dev.polyptych.lab.bench.stepcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.engine.tiny.TinyModel;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.PictureError;
import dev.polyptych.lab.bench.stepcache.Likeness.DrawnJob;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepCacheBenchTest {
  private static final int STEPS = 5;

  @TempDir Path folder;

  @Test
  void tellsStepsSecondsAndLikenessOfEachCache() throws Exception {
    // Given
    Task task = CatalogFile.builtIn("tiny").tasks().getFirst();
    Catalog catalog = new Catalog(Catalog.VERSION, "tiny", "", List.of(task));
    TinyModel.write(folder, List.of(task.adapter()));
    List<StepCache> caches =
        List.of(
            StepCache.read("first-block:0").orElseThrow(),
            StepCache.read("first-block:1000").orElseThrow(),
            StepCache.read("teacache:1e9").orElseThrow());
    StepCacheBench bench =
        new StepCacheBench(
            new StepCachePlan(folder, catalog, caches, List.of(2), 1, Optional.of(STEPS)),
            EngineOptions.cpu(ComputeType.FLOAT32),
            line -> {});
    // When
    BenchReport report = bench.run();
    // Then
    Map<String, Double> figures = report.figures();
    assertEquals(STEPS, figures.get("first_block_0.0_steps_computed"));
    assertEquals(PictureError.EQUAL, figures.get("first_block_0.0_psnr_worst_db"));
    assertEquals(1, figures.get("first_block_1000.0_steps_computed"));
    assertEquals(2, figures.get("teacache_1.0E9_steps_computed"));
    assertEquals(2, figures.get("only_2_steps_steps_computed"));
    assertTrue(figures.get("only_2_steps_psnr_db") < 50, figures::toString);
    double likeness = figures.get("first_block_1000.0_psnr_db");
    assertTrue(likeness > 3 && likeness < 50, figures::toString);
    assertTrue(figures.get("first_block_1000.0_psnr_worst_db") <= likeness, figures::toString);
    assertTrue(figures.get("teacache_1.0E9_job_seconds_ratio") > 0, figures::toString);
    // When
    Path png = folder.resolve("sheets.png");
    ImageIO.write(bench.picture(), "png", png.toFile());
    // Then
    BufferedImage sheets = ImageIO.read(png.toFile());
    assertTrue(
        sheets.getWidth() > (2 + caches.size()) * task.layout().sheetWidth(), sheets::toString);
  }

  @Test
  void likenessIsThePeakSignalToNoiseRatioOfBytes() {
    DrawnJob black = job(0);

    assertEquals(0, black.squaredError(job(0)));
    assertEquals(0, PictureError.decibels(black.squaredError(job(255))), 1e-9);
    assertEquals(625, black.squaredError(job(25)));
    assertEquals(20, PictureError.decibels(650.25), 1e-9);
    assertEquals(PictureError.EQUAL, PictureError.decibels(0));
  }

  private static DrawnJob job(int level) {
    byte[] rgb = new byte[12];
    Arrays.fill(rgb, (byte) level);
    return new DrawnJob(1, 1, 1, new SheetPixels(2, 2, rgb));
  }
}
