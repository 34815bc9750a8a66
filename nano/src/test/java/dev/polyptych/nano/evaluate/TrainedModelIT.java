package dev.polyptych.nano.evaluate;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.nano.score.Reconstruction;
import dev.polyptych.nano.score.Scorer;
import dev.polyptych.nano.score.ScorerValidation;
import dev.polyptych.weights.model.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** On the weights that come with the repository, as far as they do. */
class TrainedModelIT {
  private static final Path MODEL = Path.of("..", "models", "nano");

  @Test
  void theScorerReadsPaintedPanels() {
    boolean trained = Files.isRegularFile(Scorer.of(MODEL));
    String lack = "skipped: there is no trained scorer at " + Scorer.of(MODEL);
    if (!trained) {
      System.err.println(lack);
    }
    assumeTrue(trained, lack);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      ScorerValidation validation =
          ScorerValidation.of(
              Scorer.load(Scorer.of(MODEL), manager),
              Reconstruction.load(ModelFolder.open(MODEL), ComputeType.FLOAT32, manager),
              256,
              manager);

      validation
          .plain()
          .forEach(
              (attribute, share) -> assertTrue(share.value() >= 0.95, attribute + " " + share));
      validation
          .reconstructed()
          .forEach(
              (attribute, share) -> assertTrue(share.value() >= 0.95, attribute + " " + share));
    }
  }
}
