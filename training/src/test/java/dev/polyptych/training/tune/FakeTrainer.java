package dev.polyptych.training.tune;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Its loss falls from 1 as 1 / step; a checkpoint of it is the number of steps. */
final class FakeTrainer implements AdapterTrainer {
  private final Map<String, MatrixPair> matrices;
  private int done;
  private int validations;
  private double failure;
  private double risen;

  FakeTrainer(Map<String, MatrixPair> matrices) {
    this.matrices = matrices;
  }

  /** Every following step has this loss. */
  void breakDown(double loss) {
    failure = loss;
  }

  /** The loss on training sets is this from now on, although each step's stays low. */
  void rise(double loss) {
    risen = loss;
  }

  int validations() {
    return validations;
  }

  @Override
  public double step() {
    done++;
    return failure == 0 ? 1.0 / done : failure;
  }

  @Override
  public int done() {
    return done;
  }

  @Override
  public double validationLoss() {
    validations++;
    return 2.0 / done;
  }

  @Override
  public double trainingLoss() {
    return risen == 0 ? 1.0 / (done + 1) : risen;
  }

  @Override
  public void save(Path checkpoint) {
    try {
      Files.writeString(checkpoint, Integer.toString(done));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void resume(Path checkpoint) {
    try {
      done = Integer.parseInt(Files.readString(checkpoint));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public Map<String, MatrixPair> matrices() {
    return matrices;
  }

  @Override
  public void close() {}
}
