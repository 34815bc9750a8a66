package dev.polyptych.nano.score;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.nano.train.InitialWeights;
import dev.polyptych.nano.train.Learner;
import dev.polyptych.nano.train.StepRandom;
import dev.polyptych.nano.train.TrainingPlan;
import dev.polyptych.nano.train.TrainingRun;
import dev.polyptych.nano.train.WeightsExport;
import dev.polyptych.training.LearningRate;
import dev.polyptych.training.TrainingCheckpoint;
import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** {@code polyptych train-scorer}: trains the scorer of generated panels. */
public final class TrainScorer {
  private static final String NAME = "scorer";
  private static final double PEAK = 2e-3;
  private static final int WARM_UP = 100;
  private static final double DECAY = 0.3;
  private static final double WEIGHT_DECAY = 0.01;
  private static final double CLIP = 1;
  private static final double AVERAGE = 0.998;

  private TrainScorer() {}

  /**
   * The settings of a training.
   *
   * @param model folder with a trained autoencoder, which half of the panels go through
   * @param steps of the whole training
   * @param panels per step
   */
  public record Settings(Optional<Path> model, long seed, int steps, int panels, int threads) {
    /** The number of steps for the built-in model's scorer. */
    public static final int STEPS = 4000;

    public static final int PANELS = 64;

    /** Checks the numbers. */
    public Settings {
      if (steps < 1 || panels < 2 || threads < 1) {
        throw new IllegalArgumentException(
            "a scorer takes 1 step or more of 2 panels or more on 1 thread or more, not %d of %d on %d"
                .formatted(steps, panels, threads));
      }
    }

    TrainingPlan plan() {
      return new TrainingPlan(
          new LearningRate(PEAK, Math.min(WARM_UP, steps), steps, DECAY),
          WEIGHT_DECAY,
          CLIP,
          AVERAGE);
    }
  }

  /**
   * Trains, or resumes a training, until all steps are done or {@code stop} becomes true.
   *
   * @param out file for the weights in half precision, written at the end of the training
   * @param work folder for checkpoint and journal
   * @return the number of steps done so far
   * @throws IOException if a folder cannot be created
   */
  public static int run(Settings settings, Path out, Path work, BooleanSupplier stop)
      throws IOException {
    Files.createDirectories(work);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      JniUtils.setNumThreads(settings.threads());
      Map<String, List<Long>> shapes = ScorerNetwork.tensors().byName();
      TrainingCheckpoint learnt =
          new TrainingRun(NAME, settings.plan(), work, stop)
              .run(
                  learner(settings, manager),
                  () -> new InitialWeights(settings.seed()).of(shapes),
                  manager);
      if (learnt.steps() >= settings.steps()) {
        new WeightsExport(learnt.trainable().averages()).write(shapes, out);
      }
      learnt.trainable().close();
      return learnt.steps();
    }
  }

  private static Learner learner(Settings settings, NDManager manager) {
    ComputeType type = ComputeType.nativeTo(manager.getDevice());
    Optional<Reconstruction> reconstruction =
        settings.model().map(path -> Reconstruction.load(ModelFolder.open(path), type, manager));
    return new ScorerLearner(
        new ScorerLearner.Settings(settings.panels(), type, new StepRandom(settings.seed())),
        reconstruction,
        manager);
  }
}
