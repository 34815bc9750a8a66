package dev.polyptych.worker.render.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.Receipt;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.worker.config.AdapterSettings;
import dev.polyptych.worker.config.EngineSettings;
import dev.polyptych.worker.config.EngineSettings.ComputeChoice;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.PanelSetEngine.RenderStart;
import dev.polyptych.worker.render.RenderException;
import dev.polyptych.worker.render.Rendering;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FluxPanelSetEngineTest {
  private static final EngineSettings TINY = tiny(0);

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

  @Test
  void adaptersAreToldByTheTierTheyLieIn() {
    try (PanelSetEngine engine = FluxPanelSetEngine.source(TINY).open()) {
      // Given
      AdapterTiers before = engine.tiers();
      // When
      engine.warm("couple-profile");
      // Then
      assertTrue(before.disk().contains("couple-profile"), before::toString);
      assertEquals(AdapterTiers.NONE.device(), before.device());
      assertEquals(List.of("couple-profile"), engine.tiers().device());
      assertEquals(List.of("couple-profile"), engine.tiers().host());
      assertTrue(engine.deviceSlots() > 1, () -> "slots " + engine.deviceSlots());
      assertEquals(Optional.empty(), engine.deviceMemory());
    }
  }

  @Test
  void jobsAreDrawnWithAdaptersThatMayBeMerged() {
    try (PanelSetEngine engine = FluxPanelSetEngine.source(tiny(1 << 30)).open()) {
      // Given
      RenderJob job = job("couple-profile");
      engine.warm(job.adapter());
      engine.expect(Collections.nCopies(100_000, job.adapter()));
      // When
      try (Rendering rendering = engine.start(RenderStart.of(job))) {
        rendering.step();
        // Then
        assertEquals(1, rendering.completedSteps());
        assertEquals(Optional.of(job.adapter()), engine.warmAdapter());
      }
    }
  }

  @Test
  void aCheckpointIsOfUseOnlyToTheSameStepCache() {
    RenderJob job = job("couple-profile");
    byte[] checkpoint;
    try (PanelSetEngine cached = FluxPanelSetEngine.source(tiny(0, "first-block:1000")).open()) {
      // Given
      cached.warm(job.adapter());
      try (Rendering rendering = cached.start(RenderStart.of(job))) {
        rendering.step();
        rendering.step();
        assertEquals(1, rendering.reusedSteps());
        checkpoint = rendering.checkpoint();
      }
      // When
      try (Rendering resumed = cached.start(from(job, checkpoint))) {
        // Then
        assertEquals(2, resumed.completedSteps());
        assertEquals(
            Optional.of(new Receipt.StepCacheUsed("first-block", 1000, 2)),
            resumed.provenance().orElseThrow().schedule().stepCache());
      }
    }
    try (PanelSetEngine plain = FluxPanelSetEngine.source(TINY).open()) {
      plain.warm(job.adapter());
      // When
      try (Rendering begun = plain.start(from(job, checkpoint))) {
        // Then
        assertEquals(0, begun.completedSteps());
        assertEquals(Optional.empty(), begun.provenance().orElseThrow().schedule().stepCache());
      }
    }
  }

  private static RenderStart from(RenderJob job, byte[] checkpoint) {
    return new RenderStart(job, Optional.empty(), Optional.of(checkpoint));
  }

  private static EngineSettings tiny(long mergeBytes) {
    return tiny(mergeBytes, "none");
  }

  /** The model is written by the build. */
  private static EngineSettings tiny(long mergeBytes, String stepCache) {
    return new EngineSettings(
        TinyModels.folder(),
        CatalogFile.builtIn("tiny"),
        ComputeChoice.FLOAT32,
        0,
        StepCache.read(stepCache),
        new AdapterSettings(1 << 30, 1 << 30, mergeBytes, Set.of(), Duration.ofSeconds(60)));
  }

  private static RenderJob job(String task) {
    var example = CatalogFile.builtIn("tiny").task(task).orElseThrow().example();
    String json =
        """
        {"task": "%s", "prompt": "a fox", "panels": [%s], "seed": 1}
        """
            .formatted(
                task, String.join(",", Collections.nCopies(example.panels().size(), "\"x\"")));
    JobResolver resolver = new JobResolver(CatalogFile.builtIn("tiny"));
    return switch (JobRequestReader.read(json.getBytes(StandardCharsets.UTF_8))
        .then(request -> resolver.resolve("j-1", request))) {
      case Validated.Valid<RenderJob>(RenderJob job) -> job;
      case Validated.Invalid<RenderJob> wrong ->
          throw new IllegalArgumentException(wrong.toString());
    };
  }
}
