package dev.polyptych.training.tune;

import java.nio.file.Path;
import java.util.Map;

/**
 * Trains an adapter, one optimiser step at a time. What {@link Tuning} asks of the engine. Belongs
 * to one thread.
 */
public interface AdapterTrainer extends AutoCloseable {
  /** One optimiser step over the next batch; its loss, which may be infinite or NaN. */
  double step();

  /** Steps done, those before a resumed checkpoint included. */
  int done();

  /** Loss of the averaged weights over the sets held out; only called if there are any. */
  double validationLoss();

  /** Writes all that {@link #resume} needs, as one file. */
  void save(Path checkpoint);

  /**
   * Goes on from a checkpoint as if there had been no break. Called before the first step.
   *
   * @throws RuntimeException saying why, if the file is broken or of a run with other sets, layers
   *     or options
   */
  void resume(Path checkpoint);

  /** The adapter so far, with averaged weights: module to its matrices. */
  Map<String, LowRankMatrices> matrices();

  @Override
  void close();

  /** Opens trainers; loads the model, encodes captions and sheets. */
  @FunctionalInterface
  interface Factory {
    AdapterTrainer open(TuningJob job);
  }
}
