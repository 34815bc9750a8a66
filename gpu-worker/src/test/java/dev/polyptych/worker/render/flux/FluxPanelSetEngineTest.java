package dev.polyptych.worker.render.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.Receipt;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.weights.digest.Sha256;
import dev.polyptych.worker.config.AdapterSettings;
import dev.polyptych.worker.config.EngineSettings;
import dev.polyptych.worker.config.EngineSettings.ComputeChoice;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.PanelSetEngine.RenderStart;
import dev.polyptych.worker.render.RenderException;
import dev.polyptych.worker.render.Rendering;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void aReplacedAdapterFileIsDrawnWithAtTheNextJob(@TempDir Path folder) throws IOException {
    Path model = folder.resolve("tiny");
    copy(TinyModels.folder(), model);
    Path file = model.resolve("adapters/couple-profile.safetensors");
    RenderJob job = job("couple-profile");
    try (PanelSetEngine engine = FluxPanelSetEngine.source(tiny(model, 0, "none")).open()) {
      // Given
      engine.warm(job.adapter());
      String before = digest(engine, job);
      // When
      Path other = model.resolve("adapters/film-storyboard.safetensors");
      Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING);
      // Then
      assertFalse(engine.current(job.adapter()));
      engine.warm(job.adapter());
      assertTrue(engine.current(job.adapter()));
      assertNotEquals(before, digest(engine, job));
      assertEquals(Sha256.of(other), digest(engine, job));
    }
  }

  @Test
  void anUnusableAdapterIsToldWithoutTheMachinesFolders(@TempDir Path folder) throws IOException {
    Path model = folder.resolve("tiny");
    copy(TinyModels.folder(), model);
    Files.writeString(model.resolve("adapters/couple-profile.safetensors"), "half written");
    try (PanelSetEngine engine = FluxPanelSetEngine.source(tiny(model, 0, "none")).open()) {
      for (String adapter : List.of("couple-profile", "no-such")) {
        // When
        RenderException refused = assertThrows(RenderException.class, () -> engine.warm(adapter));
        // Then
        String detail = refused.error().detail();
        assertTrue(detail.startsWith(adapter + ".safetensors: "), detail);
        assertFalse(detail.contains(folder.toString()), detail);
      }
    }
  }

  @Test
  void aDigestIsReadFromTheFetchedFilesAndOneWithOtherBytesIsDeleted(@TempDir Path folder)
      throws IOException {
    // Given
    Path model = folder.resolve("tiny");
    copy(TinyModels.folder(), model);
    Path file = model.resolve("adapters/couple-profile.safetensors");
    Path store = Files.createDirectories(model.resolve("fetched"));
    String digest = Sha256.of(file);
    Files.copy(file, store.resolve(digest + ".safetensors"));
    String damaged = "ab".repeat(32);
    Files.copy(file, store.resolve(damaged + ".safetensors"));
    String broken = "cd".repeat(32);
    Files.writeString(store.resolve(broken + ".safetensors"), "half written");
    try (PanelSetEngine engine = FluxPanelSetEngine.source(tiny(model, 0, "none")).open()) {
      assertTrue(engine.tiers().disk().contains(digest));
      // When
      engine.warm("film-storyboard+" + digest);
      // Then
      assertEquals(Optional.of("film-storyboard+" + digest), engine.warmAdapter());
      for (String other : List.of(damaged, broken)) {
        RenderException refused = assertThrows(RenderException.class, () -> engine.warm(other));
        String detail = refused.error().detail();
        assertTrue(detail.contains("other bytes"), detail);
        assertFalse(detail.contains(folder.toString()), detail);
        assertFalse(Files.exists(store.resolve(other + ".safetensors")));
      }
    }
  }

  private static String digest(PanelSetEngine engine, RenderJob job) {
    try (Rendering rendering = engine.start(RenderStart.of(job))) {
      return rendering.provenance().orElseThrow().adapters().getFirst().digest();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
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
        TextReading text = rendering.provenance().orElseThrow().text();
        assertTrue(text.tokens() > 1 && text.pooledTokens() > 2, text::toString);
        assertEquals(77, text.pooledLimit());
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
    return tiny(TinyModels.folder(), mergeBytes, stepCache);
  }

  private static EngineSettings tiny(Path model, long mergeBytes, String stepCache) {
    return new EngineSettings(
        model,
        CatalogFile.builtIn("tiny"),
        ComputeChoice.FLOAT32,
        0,
        StepCache.read(stepCache),
        new AdapterSettings(
            1 << 30,
            1 << 30,
            mergeBytes,
            Set.of(),
            Duration.ofSeconds(60),
            model.resolve("fetched"),
            0));
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
