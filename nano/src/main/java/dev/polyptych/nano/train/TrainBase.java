package dev.polyptych.nano.train;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.polyptych.engine.denoise.EngineOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Makes the nano model from a configuration file. */
public final class TrainBase {
  private TrainBase() {}

  /**
   * Where a training writes to.
   *
   * @param model folder of the model that is made
   * @param work folder for checkpoints, journals and loss curves
   */
  public record Folders(Path model, Path work) {}

  /**
   * Trains, or goes on training, until all is done or it is asked to stop, which takes up to one
   * step. The model folder has what was learnt so far in either case.
   *
   * @param config file with the fields of {@link TrainingConfig}
   * @return whether all is done
   * @throws IOException if a file can't be read or written
   */
  public static boolean run(
      Path config, Folders folders, EngineOptions machine, BooleanSupplier stopping)
      throws IOException {
    TrainingConfig read = TrainingConfig.read(config);
    try (NDManager manager = NDManager.newBaseManager(machine.device().device(), "PyTorch")) {
      JniUtils.setNumThreads(machine.threads());
      return new BaseTraining(read, folders, machine, manager, stopping).run();
    }
  }
}
