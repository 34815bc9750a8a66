package dev.polyptych.nano.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.polyptych.weights.model.ModelFolderException;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainScorerTest {
  private static final int LARGEST = 1_000_000;

  @TempDir private Path folder;

  @Test
  void theLossFalls() throws IOException {
    Path out = folder.resolve("scorer.safetensors");

    TrainScorer.run(settings(15, 16), out, folder.resolve("work"), () -> false);

    List<Double> losses = losses(folder.resolve("work/scorer.csv"));
    assertEquals(15, losses.size());
    // Of panels that it has never seen: learning them by heart would be quicker.
    assertTrue(mean(losses.subList(10, 15)) < 0.95 * mean(losses.subList(0, 3)), losses.toString());
    assertTrue(Files.size(out) < LARGEST, Files.size(out) + " bytes");
  }

  @Test
  void aStoppedTrainingGoesOnAsIfItHadNeverStopped() throws IOException {
    Path whole = folder.resolve("whole.safetensors");
    Path resumed = folder.resolve("resumed.safetensors");
    AtomicInteger asked = new AtomicInteger();

    TrainScorer.run(settings(4, 4), whole, folder.resolve("whole"), () -> false);
    int done =
        TrainScorer.run(
            settings(4, 4), resumed, folder.resolve("parts"), () -> asked.incrementAndGet() > 2);
    assertFalse(Files.exists(resumed));
    TrainScorer.run(settings(4, 4), resumed, folder.resolve("parts"), () -> false);

    assertEquals(2, done);
    assertEquals(-1, Files.mismatch(whole, resumed));
  }

  @Test
  void aScorerReadsPanelsInBatches() throws IOException {
    Path file = folder.resolve("scorer.safetensors");
    TrainScorer.run(settings(1, 2), file, folder.resolve("work"), () -> false);
    BufferedImage panel = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);

    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      List<PanelReading> read = Scorer.load(file, manager).read(Collections.nCopies(70, panel));

      assertEquals(70, read.size());
      assertEquals(read.getFirst(), read.getLast());
    }
  }

  @Test
  void panelsOfAnotherSizeAreRefused() throws IOException {
    Path file = folder.resolve("scorer.safetensors");
    TrainScorer.run(settings(1, 2), file, folder.resolve("work"), () -> false);
    BufferedImage panel = new BufferedImage(32, 64, BufferedImage.TYPE_INT_RGB);

    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      Scorer scorer = Scorer.load(file, manager);

      assertThrows(IllegalArgumentException.class, () -> scorer.read(List.of(panel)));
    }
  }

  @Test
  void aMissingScorerIsReportedWithTheCommandThatMakesOne() {
    Path file = folder.resolve("scorer.safetensors");
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      ModelFolderException refused =
          assertThrows(ModelFolderException.class, () -> Scorer.load(file, manager));

      assertTrue(refused.getMessage().contains("polyptych train-scorer"), refused.getMessage());
    }
  }

  @Test
  void anotherNetworksFileIsNoScorer() {
    Path file = folder.resolve("other.safetensors");
    new SafetensorsWriter().add("x", List.of(1L), new float[] {1}).write(file);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      ModelFolderException refused =
          assertThrows(ModelFolderException.class, () -> Scorer.load(file, manager));

      assertTrue(refused.getMessage().contains("lacks tensor"), refused.getMessage());
    }
  }

  private static TrainScorer.Settings settings(int steps, int panels) {
    return new TrainScorer.Settings(Optional.empty(), 1, steps, panels, 1);
  }

  private static List<Double> losses(Path journal) throws IOException {
    return Files.readAllLines(journal).stream()
        .skip(1)
        .map(line -> Double.valueOf(line.split(",", -1)[2]))
        .toList();
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
