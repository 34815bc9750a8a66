package dev.polyptych.cli.command;

import dev.polyptych.training.tune.AdapterTrainer;
import dev.polyptych.training.tune.TuningJob;
import dev.polyptych.weights.model.LinearLayer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Learns nothing, but knows the job's layers and goes on from where it was. */
final class StandInTrainer implements AdapterTrainer {
  private final TuningJob job;
  private int done;

  StandInTrainer(TuningJob job) {
    this.job = job;
  }

  @Override
  public double step() {
    done++;
    return 1.0 / done;
  }

  @Override
  public int done() {
    return done;
  }

  @Override
  public double validationLoss() {
    return 0.5;
  }

  @Override
  public double trainingLoss() {
    return 0.5;
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
    int rank = job.options().rank();
    Map<String, MatrixPair> matrices = new LinkedHashMap<>();
    for (LinearLayer layer : job.layers()) {
      int inputs = (int) layer.inputs();
      int outputs = (int) layer.outputs();
      float[] down = new float[rank * inputs];
      Arrays.fill(down, 1e-3f);
      float[] up = new float[outputs * rank];
      matrices.put(layer.module(), new MatrixPair(rank, inputs, outputs, down, up));
    }
    return matrices;
  }

  @Override
  public void close() {}
}
