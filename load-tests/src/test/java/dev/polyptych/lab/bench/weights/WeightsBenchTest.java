package dev.polyptych.lab.bench.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.engine.tiny.TinyModel;
import dev.polyptych.lab.bench.weights.WeightErrors.DrawnSheet;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsBenchTest {
  @TempDir Path folder;

  @Test
  void narrowerWeightsTakeLessMemoryAndDrawNearlyTheSame() throws IOException {
    Task task = CatalogFile.builtIn("tiny").tasks().getFirst();
    Catalog catalog = new Catalog(Catalog.VERSION, "tiny", "", List.of(task));
    TinyModel.write(folder, List.of(task.adapter()));
    WeightsPlan plan = WeightsPlan.tasks(folder, catalog, 2, Optional.of(3));

    Map<String, Double> figures =
        new WeightsBench(plan, EngineOptions.cpu(ComputeType.FLOAT32), line -> {}).run().figures();

    assertEquals(2, figures.get("sheets"));
    double rounded = figures.get("float8_in_float32_latents_error");
    // Three bits of mantissa: each weight is off by at most 1/16.
    assertTrue(rounded > 1e-4 && rounded < 1 / 16.0, figures::toString);
    assertNotEquals(
        figures.get("float8_in_bfloat16_latents_error"),
        figures.get("float8_products_latents_error"));
    for (String arm : List.of("bfloat16", "float8_in_bfloat16", "float8_products")) {
      double worst = figures.get(arm + "_psnr_worst_db");
      assertTrue(worst > 20 && worst <= figures.get(arm + "_psnr_db"), figures::toString);
      assertTrue(figures.get(arm + "_step_seconds") > 0, figures::toString);
    }
    for (String part : List.of("_transformer_bytes", "_text_encoders_bytes")) {
      assertEquals(figures.get("float32" + part) / 2, figures.get("bfloat16" + part));
      assertTrue(figures.get("float8_in_bfloat16" + part) < figures.get("bfloat16" + part));
    }
  }

  @Test
  void errorsAreRelativeToTheLatentsAndToWhatTheStepsChanged() {
    WeightErrors errors = new WeightErrors();

    errors.add(sheet(new float[] {4, 3}, 0), sheet(new float[] {4, 3.5f}, 25));
    errors.add(sheet(new float[] {0, 5}, 0), sheet(new float[] {0, 5}, 0));

    Map<String, Double> figures = errors.figures("arm_");
    assertEquals(0.5 / Math.sqrt(50), figures.get("arm_latents_error"), 1e-9);
    assertEquals(0.1, figures.get("arm_latents_error_worst"), 1e-9);
    // The noise is (1, 1): the steps changed (3, 2) and (-1, 4).
    assertEquals(0.5 / Math.sqrt(30), figures.get("arm_change_error"), 1e-9);
    assertEquals(10 * Math.log10(255 * 255 / 312.5), figures.get("arm_psnr_db"), 1e-9);
    assertEquals(10 * Math.log10(255 * 255 / 625.0), figures.get("arm_psnr_worst_db"), 1e-9);
  }

  private static DrawnSheet sheet(float[] latents, int level) {
    byte[] rgb = new byte[3];
    Arrays.fill(rgb, (byte) level);
    return new DrawnSheet(new float[] {1, 1}, latents, Optional.of(new SheetPixels(1, 1, rgb)));
  }
}
