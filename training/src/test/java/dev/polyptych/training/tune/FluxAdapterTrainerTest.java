package dev.polyptych.training.tune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.engine.tiny.TinyModel;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.weights.model.LinearLayer;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsException;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FluxAdapterTrainerTest {
  @TempDir static Path folder;

  @BeforeAll
  static void writeModel() throws IOException {
    TinyModel.write(folder, List.of());
  }

  @Test
  void learnsSetsThatItHasNotSeenFromSetsLikeThem() {
    try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(job(4, 5e-3, 7))) {
      double before = trainer.validationLoss();
      while (trainer.done() < 40) {
        trainer.step();
      }
      double after = trainer.validationLoss();
      assertTrue(after < 0.97 * before, before + " became " + after);
    }
  }

  @Test
  void learnsAroundCleanPanelsAndRefusesACheckpointOfAnotherShare() {
    Path checkpoint = folder.resolve("clean.checkpoint");
    TuningJob around = job(4, 5e-3, 7, 0, 1);
    try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(around)) {
      double before = trainer.validationLoss();
      while (trainer.done() < 40) {
        trainer.step();
      }
      trainer.save(checkpoint);
      double after = trainer.validationLoss();
      assertTrue(after < 0.97 * before, before + " became " + after);
    }
    try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(job(4, 5e-3, 7))) {
      TuningException refused =
          assertThrows(TuningException.class, () -> trainer.resume(checkpoint));
      assertTrue(
          refused.getMessage().contains("--clean-panels (1.0, now 0.0)"), refused.getMessage());
    }
  }

  @Test
  void beginsAtTheBase() {
    try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(job(4, 5e-3, 7))) {
      trainer
          .matrices()
          .forEach((module, pair) -> assertArrayEquals(new float[pair.up().length], pair.up()));
    }
  }

  @Test
  void goesOnFromACheckpointAsIfThereHadBeenNoBreak() {
    Path checkpoint = folder.resolve("half.checkpoint");
    float[] unbroken;
    try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(job(4, 5e-3, 7))) {
      trainer.step();
      trainer.step();
      trainer.save(checkpoint);
      trainer.step();
      unbroken = anyUp(trainer);
    }
    try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(job(4, 5e-3, 7))) {
      trainer.resume(checkpoint);
      assertEquals(2, trainer.done());
      trainer.step();
      assertArrayEquals(unbroken, anyUp(trainer));
    }
  }

  @Test
  void refusesACheckpointOfAnotherRank() {
    Path checkpoint = folder.resolve("other.checkpoint");
    try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(job(2, 5e-3, 7))) {
      trainer.save(checkpoint);
    }
    try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(job(4, 5e-3, 7))) {
      TuningException refused =
          assertThrows(TuningException.class, () -> trainer.resume(checkpoint));
      assertTrue(refused.getMessage().contains("another --rank"), refused.getMessage());
    }
  }

  @Test
  void refusesACheckpointOfAnotherSeedRateOrSets() {
    Path checkpoint = folder.resolve("seven.checkpoint");
    try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(job(4, 5e-3, 7))) {
      trainer.step();
      trainer.save(checkpoint);
    }
    Map<String, TuningJob> others =
        Map.of(
            "--seed (7, now 8)", job(4, 5e-3, 8),
            "--learning-rate (0.005, now 0.006)", job(4, 6e-3, 7),
            "sets and captions (", job(4, 5e-3, 7, 1));
    others.forEach(
        (named, job) -> {
          try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(job)) {
            TuningException refused =
                assertThrows(TuningException.class, () -> trainer.resume(checkpoint));
            assertTrue(
                refused.getMessage().contains("is of a run with another " + named),
                refused.getMessage());
          }
        });
  }

  @Test
  void refusesACheckpointThatWasDamagedInTheMiddle() throws IOException {
    Path checkpoint = folder.resolve("damaged.checkpoint");
    try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(job(4, 5e-3, 7))) {
      trainer.step();
      trainer.save(checkpoint);
      byte[] bytes = Files.readAllBytes(checkpoint);
      Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 4096, (byte) 0);
      Files.write(checkpoint, bytes);

      SafetensorsException refused =
          assertThrows(SafetensorsException.class, () -> trainer.resume(checkpoint));

      assertTrue(refused.getMessage().contains("was damaged after it was written"));
    }
  }

  @Test
  void goesOnFromACheckpointOfAnEarlierVersionWithoutDigestAndSettings() throws IOException {
    Path checkpoint = folder.resolve("new.checkpoint");
    Path earlier = folder.resolve("earlier.checkpoint");
    try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(job(4, 5e-3, 7))) {
      trainer.step();
      trainer.save(checkpoint);
      try (SafetensorsFile written = SafetensorsFile.open(checkpoint)) {
        SafetensorsWriter plain = new SafetensorsWriter();
        for (String name : written.names()) {
          plain.add(name, written.entry(name).shape(), written.floats(name));
        }
        plain.write(earlier);
      }

      trainer.resume(earlier);

      assertEquals(1, trainer.done());
    }
  }

  @Test
  void aRateThatLetsTheLossRiseWritesNoAdapter() {
    TuningFiles files = new TuningFiles(folder.resolve("diverging/adapter.safetensors"));

    TuningException diverged =
        assertThrows(TuningException.class, () -> tuned(files, job(4, 100, 7)));

    assertTrue(
        diverged.getMessage().contains("; no adapter was written; tune with a lower"),
        diverged.getMessage());
    assertFalse(Files.exists(files.adapter().getParent()));
  }

  @Test
  void sameSetsAndSeedGiveTheSameBytes() throws IOException {
    TuningFiles first = new TuningFiles(folder.resolve("first/adapter.safetensors"));
    TuningFiles second = new TuningFiles(folder.resolve("second/adapter.safetensors"));

    tuned(first, job(4, 5e-3, 7));
    tuned(second, job(4, 5e-3, 7));

    assertEquals(-1, Files.mismatch(first.adapter(), second.adapter()));
  }

  private static void tuned(TuningFiles files, TuningJob job) {
    try (FluxAdapterTrainer trainer = FluxAdapterTrainer.open(job)) {
      Map<String, String> metadata = Map.of("polyptych.task", "t", "polyptych.rank", "4");
      new Tuning(trainer, files, new Tuning.Plan(12, 6, true), metadata, TuneOnce.SILENT)
          .run(() -> false);
    }
  }

  private static float[] anyUp(FluxAdapterTrainer trainer) {
    return trainer.matrices().get("single_transformer_blocks.1.proj_out").up();
  }

  private static TuningJob job(int rank, double learningRate, long seed) {
    return job(rank, learningRate, seed, 0);
  }

  private static TuningJob job(int rank, double learningRate, long seed, int firstSet) {
    return job(rank, learningRate, seed, firstSet, 0);
  }

  private static TuningJob job(
      int rank, double learningRate, long seed, int firstSet, double cleanPanels) {
    List<LinearLayer> layers =
        TuningJob.choose(
            ModelFolder.open(folder).transformer().linearLayers(),
            Pattern.compile(TuningJob.BLOCKS));
    List<TrainingSet> sets =
        IntStream.range(firstSet, firstSet + 6).mapToObj(FluxAdapterTrainerTest::set).toList();
    return new TuningJob(
        folder,
        EngineOptions.cpu(ComputeType.FLOAT32),
        new TrainingSets.Split(sets.subList(0, 4), sets.subList(4, 6)),
        new Layout(1, 2, 32, 32),
        layers,
        new TuningOptions(rank, 100, 2, learningRate, seed, List.of(1.0), 0.1, cleanPanels, 0.5));
  }

  /** A sheet of two panels, both of one grey. */
  private static TrainingSet set(int number) {
    byte[] pixels = new byte[32 * 64 * SheetPixels.BYTES_A_PIXEL];
    Arrays.fill(pixels, (byte) (40 * number));
    return new TrainingSet(
        "set " + number,
        "two panels in one grey [LEFT] grey [RIGHT] grey",
        () -> new SheetPixels(64, 32, pixels));
  }
}
