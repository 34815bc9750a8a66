package dev.polyptych.nano.train;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code polyptych train-base}: makes the nano model from a configuration file. */
public final class TrainBase {
  private TrainBase() {}

  /**
   * Trains, or goes on training, until all is done or {@code stop} becomes true.
   *
   * @param config file with the fields of {@link TrainingConfig}
   * @param model folder that the model is written to
   * @param work folder for checkpoints and journals
   * @param threads of PyTorch
   * @throws IOException if a file can't be read or written
   */
  public static void run(Path config, Path model, Path work, int threads, AtomicBoolean stop)
      throws IOException {
    TrainingConfig read = TrainingConfig.read(config);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      JniUtils.setNumThreads(threads);
      new BaseTraining(read, new BaseTraining.Folders(model, work), manager, stop).run();
    }
  }

  /** CONFIG MODEL WORK THREADS. */
  public static void main(String[] arguments) throws IOException {
    AtomicBoolean stop = new AtomicBoolean();
    Thread trainer = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop.set(true);
                  try {
                    trainer.join(60_000);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    run(
        Path.of(arguments[0]),
        Path.of(arguments[1]),
        Path.of(arguments[2]),
        Integer.parseInt(arguments[3]),
        stop);
  }
}
