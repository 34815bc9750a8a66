package dev.polyptych.nano.train;

import dev.polyptych.nano.world.Arrangement;
import dev.polyptych.nano.world.PanelSet;
import dev.polyptych.nano.world.Side;
import dev.polyptych.nano.world.WorldSampler;
import dev.polyptych.training.TrainingCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sheets that no training shows, with their prompts, and the loss of a base in training on them:
 * always the same sheets, noise and levels, so that trainings can be compared.
 */
final class HeldOutLessons {
  private static final Logger LOG = LoggerFactory.getLogger(HeldOutLessons.class);
  private static final long SEED = 0x4E1D008L;
  private static final int SHEETS = 48;
  private static final float[] SIGMAS = {0.15f, 0.4f, 0.7f, 0.9f, 0.98f};
  private static final String HEAD = "step,seconds,mean,0.15,0.4,0.7,0.9,0.98";

  private final List<Lessons.Batch> batches = new ArrayList<>();
  private final BaseLearner learner;

  /**
   * @param encoder of sheets and prompts, none of which it drops
   */
  HeldOutLessons(Lessons encoder, BaseLearner learner) {
    this.learner = learner;
    SplittableRandom chance = new SplittableRandom(SEED);
    WorldSampler sampler = new WorldSampler(Side.HELD_OUT);
    Map<Arrangement, List<Lessons.Drawn>> sets = new LinkedHashMap<>();
    for (int i = 0; i < SHEETS; i++) {
      PanelSet set = sampler.base(chance);
      sets.computeIfAbsent(set.arrangement(), key -> new ArrayList<>())
          .add(new Lessons.Drawn(set, false));
    }
    sets.forEach(
        (arrangement, alike) ->
            batches.add(new Lessons.Batch(arrangement, encoder.encode(alike, chance))));
  }

  /** Writes a line to {@code base-held-out.csv}: the loss of the moving average, by noise level. */
  void measure(TrainingCheckpoint checkpoint, Path folder) {
    double[] losses = new double[SIGMAS.length];
    double mean = 0;
    for (int i = 0; i < SIGMAS.length; i++) {
      losses[i] = loss(SIGMAS[i], checkpoint);
      mean += losses[i] / SIGMAS.length;
    }
    LOG.info(
        "base: step {}, loss on held-out sheets {}",
        checkpoint.steps(),
        String.format("%.4f", mean));
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT, "%d,%.1f,%.5f", checkpoint.steps(), checkpoint.seconds(), mean));
    for (double loss : losses) {
      line.append(String.format(Locale.ROOT, ",%.5f", loss));
    }
    try {
      Path file = folder.resolve("base-held-out.csv");
      if (!Files.exists(file)) {
        Files.writeString(file, HEAD + "\n");
      }
      Files.writeString(file, line.append('\n'), StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double loss(float sigma, TrainingCheckpoint checkpoint) {
    double sum = 0;
    int sheets = 0;
    for (Lessons.Batch batch : batches) {
      int count = batch.lessons().size();
      sum += count * learner.loss(batch, SEED, sigma, checkpoint.trainable().average());
      sheets += count;
    }
    return sum / sheets;
  }
}
