package dev.polyptych.nano.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.nano.world.ContactSheet;
import dev.polyptych.nano.world.PanelPainter;
import dev.polyptych.nano.world.PanelSet;
import dev.polyptych.nano.world.Side;
import dev.polyptych.nano.world.WorldSampler;
import dev.polyptych.training.TrainingCheckpoint;
import dev.polyptych.weights.model.AutoencoderConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sheets that no training shows, and how they come back from an autoencoder in training: always the
 * same ones, so that trainings can be compared.
 */
final class HeldOutSheets {
  private static final Logger LOG = LoggerFactory.getLogger(HeldOutSheets.class);
  private static final long SEED = 0x4E1D007L;
  private static final int SHEETS = 48;
  private static final int SHOWN = 12;
  private static final String HEAD = "step,seconds,absolute_error,psnr";

  private final List<BufferedImage> sheets = new ArrayList<>();
  private final AutoencoderConfig config;
  private final NDManager manager;
  private final Graph graph;

  HeldOutSheets(AutoencoderConfig config, PanelPainter painter, NDManager manager) {
    this.config = config;
    this.manager = manager;
    this.graph = Graph.load("reconstruction", manager);
    SplittableRandom chance = new SplittableRandom(SEED);
    WorldSampler sampler = new WorldSampler(Side.HELD_OUT);
    while (sheets.size() < SHEETS) {
      PanelSet set = sampler.base(chance);
      sheets.add(painter.paintSheet(set, chance.nextLong()));
    }
  }

  /** Of colours from -1 to 1, over all pixels of all sheets. */
  record Distance(double absolute, double psnr) {}

  /**
   * Writes a line to {@code NAME-held-out.csv} and a picture of some sheets, each beside what the
   * weights make of it.
   */
  void compare(String name, TrainingCheckpoint checkpoint, TensorMap weights, Path folder) {
    List<BufferedImage> pairs = new ArrayList<>();
    Distance distance = distance(weights, pairs);
    LOG.info(
        "{}: step {}, held-out sheets: absolute error {}, PSNR {} dB",
        name,
        checkpoint.steps(),
        String.format("%.4f", distance.absolute()),
        String.format("%.2f", distance.psnr()));
    try {
      Path file = folder.resolve(name + "-held-out.csv");
      if (!Files.exists(file)) {
        Files.writeString(file, HEAD + "\n");
      }
      Files.writeString(file, line(checkpoint, distance), StandardOpenOption.APPEND);
      ImageIO.write(
          new ContactSheet(8, 1).of(pairs), "png", folder.resolve(name + "-held-out.png").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(TrainingCheckpoint checkpoint, Distance distance) {
    return String.format(
        Locale.ROOT,
        "%d,%.1f,%.5f,%.3f%n",
        checkpoint.steps(),
        checkpoint.seconds(),
        distance.absolute(),
        distance.psnr());
  }

  private Distance distance(TensorMap weights, List<BufferedImage> pairs) {
    double absolute = 0;
    double squares = 0;
    long values = 0;
    for (BufferedImage sheet : sheets) {
      try (NDManager work = manager.newSubManager()) {
        float[] painted = SheetBatch.of(List.of(sheet), work).toFloatArray();
        float[] back = through(sheet, weights, work).toFloatArray();
        for (int i = 0; i < painted.length; i++) {
          double difference = painted[i] - back[i];
          absolute += Math.abs(difference);
          squares += difference * difference;
        }
        values += painted.length;
        if (pairs.size() < 2 * SHOWN && sheet.getWidth() == sheet.getHeight()) {
          pairs.add(sheet);
          pairs.add(SheetBatch.picture(back, sheet.getWidth(), sheet.getHeight()));
        }
      }
    }
    // The range of colours is 2.
    return new Distance(absolute / values, 10 * Math.log10(4 / (squares / values)));
  }

  private NDArray through(BufferedImage sheet, TensorMap weights, NDManager work) {
    int factor = config.factor();
    NDArray noise =
        work.create(
            new float
                [sheet.getWidth()
                    / factor
                    * (sheet.getHeight() / factor)
                    * config.latentChannels()],
            new Shape(
                1, config.latentChannels(), sheet.getHeight() / factor, sheet.getWidth() / factor));
    try (Graph.Call call = graph.call("through")) {
      return call.with(SheetBatch.of(List.of(sheet), work))
          .with(noise)
          .with(1.0)
          .withNumbers(config.groups(), config.widths().size(), config.blocks())
          .with(weights)
          .tensor(work);
    }
  }
}
