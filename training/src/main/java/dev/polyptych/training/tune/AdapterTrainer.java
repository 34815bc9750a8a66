package dev.polyptych.training.tune;

import java.nio.file.Path;
import java.util.Map;

/**
 * Trains an adapter, one optimizer step at a time. {@link Tuning} drives it. Belongs to one thread.
 */
public interface AdapterTrainer extends AutoCloseable {
  /** Runs one optimizer step on the next batch. Returns its loss, which may be infinite or NaN. */
  double step();

  /** Completed steps, including those before a resume. */
  int done();

  /** Loss of the averaged weights on the held-out sets. Only called if there are any. */
  double validationLoss();

  /**
   * Loss of the current weights on a few of the training sets, with the same noise at each call.
   */
  double trainingLoss();

  /** Writes the state for {@link #resume} to one file. */
  void save(Path checkpoint);

  /**
   * Continues from a checkpoint as an uninterrupted run would. Called before the first step.
   *
   * @throws RuntimeException with the reason if the file is broken, or if its run had other sets,
   *     layers or options
   */
  void resume(Path checkpoint);

  /** The current adapter, with averaged weights: module to matrices. */
  Map<String, MatrixPair> matrices();

  @Override
  void close();

  /**
   * The matrices of one linear layer. The adapter adds {@code up * down} to the layer's weight.
   *
   * @param down A, rank x inputs, row-major; not copied
   * @param up B, outputs x rank, row-major; not copied
   */
  record MatrixPair(int rank, int inputs, int outputs, float[] down, float[] up) {
    /**
     * @throws IllegalArgumentException if an array is not of its matrix's size
     */
    public MatrixPair {
      if (down.length != rank * inputs || up.length != outputs * rank) {
        throw new IllegalArgumentException(
            "%d and %d values are no pair of %d x %d and %d x %d"
                .formatted(down.length, up.length, rank, inputs, outputs, rank));
      }
    }
  }

  /** Opens trainers: loads the model, encodes captions and sheets. */
  @FunctionalInterface
  interface Factory {
    AdapterTrainer open(TuningJob job);
  }
}
