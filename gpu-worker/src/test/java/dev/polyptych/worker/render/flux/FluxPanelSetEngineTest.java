package dev.polyptych.worker.render.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.worker.config.EngineSettings;
import dev.polyptych.worker.config.EngineSettings.ComputeChoice;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.RenderException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FluxPanelSetEngineTest {
  /** Written by the build. */
  private static final EngineSettings TINY =
      new EngineSettings(
          Path.of("target", "models", "tiny"),
          CatalogFile.builtIn("tiny"),
          ComputeChoice.FLOAT32,
          0,
          1 << 30);

  @Test
  void anAdapterThatIsNotThereIsTellinglyRefusedAndTheWarmOneStays() {
    try (PanelSetEngine engine = FluxPanelSetEngine.source(TINY).open()) {
      // Given
      engine.warm("couple-profile");
      // When
      RenderException refused = assertThrows(RenderException.class, () -> engine.warm("no-such"));
      // Then
      assertEquals(ErrorCode.ADAPTER_UNAVAILABLE, refused.error().code());
      assertTrue(refused.error().detail().contains("no-such"), refused.error().detail());
      assertEquals(Optional.of("couple-profile"), engine.warmAdapter());
      assertEquals(new PanelSetEngine.Identity("tiny", "cpu()", "float32"), engine.identity());
    }
  }
}
