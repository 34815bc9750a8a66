package dev.polyptych.nano.train;

import dev.polyptych.training.LossCurve;
import dev.polyptych.training.LossHistory;
import dev.polyptych.training.TrainingCheckpoint;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/** A line a step, as CSV: what the loss curve is drawn from. */
final class Journal implements AutoCloseable {
  private static final String HEAD = "step,seconds,loss,gradient_norm,learning_rate";
  private static final double SMOOTHING = 0.99;

  private final BufferedWriter writer;
  private final LossHistory history = new LossHistory();
  private double recent = Double.NaN;

  private Journal(BufferedWriter writer, List<String> lines) {
    this.writer = writer;
    for (String line : lines) {
      String[] cells = line.split(",", -1);
      history.add(Integer.parseInt(cells[0]), Double.parseDouble(cells[2]));
    }
  }

  /** Opens a journal at its end; lines after {@code steps} were written past the checkpoint. */
  static Journal open(Path file, int steps) {
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of(HEAD);
      List<String> kept = lines.subList(0, Math.min(lines.size(), steps + 1));
      Files.write(file, kept);
      return new Journal(
          Files.newBufferedWriter(file, StandardOpenOption.APPEND), kept.subList(1, kept.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void add(TrainingCheckpoint now, Learner.Outcome outcome, double learningRate) {
    double loss = outcome.loss();
    history.add(now.steps(), loss);
    recent = Double.isNaN(recent) ? loss : SMOOTHING * recent + (1 - SMOOTHING) * loss;
    try {
      writer.write(
          String.format(
              Locale.ROOT,
              "%d,%.1f,%.5f,%.4f,%.3g%n",
              now.steps(),
              now.seconds(),
              loss,
              outcome.gradientNorm(),
              learningRate));
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Draws the loss so far. */
  void draw(Path picture) {
    try {
      Files.write(picture, LossCurve.svg(history));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The loss, smoothed over about a hundred steps. */
  double recent() {
    return recent;
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
