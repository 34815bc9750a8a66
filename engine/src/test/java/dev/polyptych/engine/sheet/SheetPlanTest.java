package dev.polyptych.engine.sheet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.weights.model.ModelFolder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SheetPlanTest {
  private static final ModelFolder FLUX_DEV = ModelFolder.fluxDev();

  @Test
  void countsThePublishedParametersOfFluxDev() {
    List<Long> parameters = FLUX_DEV.parts().stream().map(ModelFolder.Part::parameters).toList();

    assertEquals(List.of(123_060_480L, 4_762_310_656L, 11_901_408_320L, 83_819_683L), parameters);
  }

  @Test
  void countsTheTensorsOfTheTransformer() {
    // 57 blocks: 14 linear layers with weight and bias and 4 norms, or 6 and 2; 10 layers outside.
    int tensors = 19 * (14 * 2 + 4) + 38 * (6 * 2 + 2) + 10 * 2;

    assertEquals(tensors, FLUX_DEV.transformer().tensors().byName().size());
  }

  @Test
  void holdsTheAutoencoderInFloat32WhateverTheRestIsHeldIn() {
    ModelFolder.Part transformer = FLUX_DEV.parts().get(2);
    ModelFolder.Part autoencoder = FLUX_DEV.parts().get(3);

    assertEquals(23_802_816_640L, transformer.bytes(2));
    assertEquals(4 * 83_819_683L, autoencoder.bytes(2));
  }

  @Test
  void countsTextAndImageTokensAtTheStepsPeakAndPixelsAtTheDecodersPeak() {
    Layout layout =
        CatalogFile.builtIn("flux.1-dev").task("film-storyboard").orElseThrow().layout();

    SheetPlan plan = SheetPlan.of(FLUX_DEV, layout, 2);

    // 20 hidden states of bfloat16; 3 planes of 256 channels of float32.
    assertEquals((6144L + 512) * 3072 * 20 * 2, plan.stepBytes());
    assertEquals(6144L * 16 * 16 * 256 * 3 * 4, plan.decodeBytes());
    assertEquals(plan.decodeBytes(), plan.peakBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "couple-profile, 8192",
    "film-storyboard, 6144",
    "font-design, 8512",
    "home-decoration, 9072",
    "portrait-illustration, 4896",
    "portrait-photography, 9072",
    "ppt-templates, 8928",
    "sandstorm-visual-effect, 8800",
    "sparklers-visual-effect, 4080",
    "visual-identity-design, 5888"
  })
  void plansEachPublishedTask(String task, int tokens) {
    Layout layout = CatalogFile.builtIn("flux.1-dev").task(task).orElseThrow().layout();

    SheetPlan half = SheetPlan.of(FLUX_DEV, layout, 2);
    SheetPlan full = SheetPlan.of(FLUX_DEV, layout, 4);

    assertEquals(tokens, half.imageTokens());
    assertEquals(tokens + 512, half.jointTokens());
    assertTrue(half.stepBytes() < full.stepBytes());
    assertEquals(half.decodeBytes(), full.decodeBytes());
    assertTrue(half.peakBytes() > 1e9 && half.peakBytes() < 1e10, half.toString());
  }
}
