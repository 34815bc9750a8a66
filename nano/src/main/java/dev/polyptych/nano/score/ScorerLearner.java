package dev.polyptych.nano.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.nano.train.Learner;
import dev.polyptych.nano.train.SheetBatch;
import dev.polyptych.nano.train.StepRandom;
import dev.polyptych.nano.world.Panel;
import dev.polyptych.nano.world.PanelPainter;
import dev.polyptych.training.Rates;
import dev.polyptych.training.Trainable;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Trains the scorer on newly painted panels. */
final class ScorerLearner implements Learner {
  /** The label that PyTorch's cross entropy ignores. */
  private static final long SKIPPED = -100;

  /** Largest deviation of noise on latents, as generated latents have it. */
  private static final double MOST_LATENT_NOISE = 0.25;

  private static final int CHANNELS = 3;

  private final PanelPainter painter = new PanelPainter(ScorerNetwork.EDGE, ScorerNetwork.EDGE);
  private final RandomPanels panels = new RandomPanels();
  private final Augmentation augmentation = new Augmentation(ScorerNetwork.EDGE);
  private final Settings settings;
  private final Optional<Reconstruction> reconstruction;
  private final NDManager manager;
  private final Graph graph;

  /**
   * The settings of a batch.
   *
   * @param panels per batch
   */
  record Settings(int panels, ComputeType computeType, StepRandom random) {}

  /**
   * @param reconstruction if present, half of the panels go through it
   */
  ScorerLearner(Settings settings, Optional<Reconstruction> reconstruction, NDManager manager) {
    this.settings = settings;
    this.reconstruction = reconstruction;
    this.manager = manager;
    this.graph = Graph.load("scorer_training", manager);
  }

  @Override
  public Outcome learn(int step, Trainable trainable, Rates rates) {
    RandomGenerator chance = settings.random().of(step);
    List<Panel> shown = panels.next(settings.panels(), chance);
    try (NDManager batch = manager.newSubManager();
        Graph.Call call = graph.call("learn")) {
      call.with(pictures(shown, chance, batch))
          .with(truths(shown, batch))
          .withNumbers(ScorerNetwork.strides())
          .withNumbers(ScorerNetwork.choices())
          .withNumber(settings.computeType().torchNumber());
      float[] outcome = trainable.with(call, rates).trained(batch).toFloatArray();
      return new Outcome(outcome[0], outcome[1]);
    }
  }

  private NDArray pictures(List<Panel> shown, RandomGenerator chance, NDManager batch) {
    List<BufferedImage> painted = new ArrayList<>();
    shown.forEach(panel -> painted.add(painter.paint(panel, chance.nextLong())));
    NDArray pictures = SheetBatch.of(painted, batch);
    float[] values = pictures.toFloatArray();
    reconstruction.ifPresent(
        through -> reconstruct(painted.subList(0, painted.size() / 2), through, chance, values));
    for (int i = 0; i < shown.size(); i++) {
      augmentation.change(values, i, chance);
    }
    return batch.create(
        values, new Shape(shown.size(), CHANNELS, ScorerNetwork.EDGE, ScorerNetwork.EDGE));
  }

  /** Replaces the first pictures by their reconstructions. */
  private void reconstruct(
      List<BufferedImage> first, Reconstruction through, RandomGenerator chance, float[] values) {
    double level = MOST_LATENT_NOISE * chance.nextDouble();
    try (NDManager work = manager.newSubManager();
        NDArray pictures = SheetBatch.of(first, work)) {
      float[] drawn = through.of(pictures, level, chance.nextLong(), work).toFloatArray();
      System.arraycopy(drawn, 0, values, 0, drawn.length);
    }
  }

  private static NDArray truths(List<Panel> shown, NDManager batch) {
    Attribute[] attributes = Attribute.values();
    long[] truths = new long[shown.size() * attributes.length];
    for (int i = 0; i < truths.length; i++) {
      Panel panel = shown.get(i / attributes.length);
      Attribute attribute = attributes[i % attributes.length];
      truths[i] = attribute.showsIn(panel.stated()) ? attribute.of(panel) : SKIPPED;
    }
    return batch.create(truths, new Shape(shown.size(), attributes.length));
  }

  /**
   * Small random changes of a picture, so that the scorer can read generated pictures, which are
   * blurred, noisy, and slightly off in colour and position.
   */
  static final class Augmentation {
    private static final double LIKELIHOOD = 0.5;
    private static final double MOST_BLUR = 0.25;
    private static final double MOST_NOISE = 0.06;
    private static final double MOST_BRIGHTNESS = 0.08;
    private static final double MOST_CONTRAST = 0.1;

    private final int edge;
    private final float[] spare;

    /**
     * @param edge of a picture in pixels
     */
    Augmentation(int edge) {
      this.edge = edge;
      this.spare = new float[edge * edge];
    }

    /** Changes a picture (3, edge, edge) in place. */
    void change(float[] pictures, int picture, RandomGenerator chance) {
      int down = chance.nextInt(3) - 1;
      int right = chance.nextInt(3) - 1;
      double blur = chance.nextDouble() < LIKELIHOOD ? MOST_BLUR * chance.nextDouble() : 0;
      double noise = chance.nextDouble() < LIKELIHOOD ? MOST_NOISE * chance.nextDouble() : 0;
      double brightness = MOST_BRIGHTNESS * balanced(chance);
      double contrast = 1 + MOST_CONTRAST * balanced(chance);
      for (int channel = 0; channel < 3; channel++) {
        int plane = (3 * picture + channel) * spare.length;
        shift(pictures, plane, down, right);
        blur(pictures, plane, blur);
        for (int i = plane; i < plane + spare.length; i++) {
          double grain = noise == 0 ? 0 : noise * chance.nextGaussian();
          pictures[i] = (float) Math.clamp(contrast * pictures[i] + brightness + grain, -1.0, 1.0);
        }
      }
    }

    private void shift(float[] values, int plane, int down, int right) {
      System.arraycopy(values, plane, spare, 0, spare.length);
      for (int i = 0; i < spare.length; i++) {
        values[plane + i] = pixel(i / edge - down, i % edge - right);
      }
    }

    /**
     * Takes this share of every pixel's value from each neighbour, first horizontally, then
     * vertically.
     */
    private void blur(float[] values, int plane, double share) {
      if (share == 0) {
        return;
      }
      for (int axis = 0; axis < 2; axis++) {
        System.arraycopy(values, plane, spare, 0, spare.length);
        for (int i = 0; i < spare.length; i++) {
          int row = i / edge;
          int column = i % edge;
          float before = pixel(row - axis, column - 1 + axis);
          float after = pixel(row + axis, column + 1 - axis);
          values[plane + i] = (float) ((1 - 2 * share) * spare[i] + share * (before + after));
        }
      }
    }

    /** A pixel of the spare plane. Its border repeats outside. */
    private float pixel(int row, int column) {
      return spare[Math.clamp(row, 0, edge - 1) * edge + Math.clamp(column, 0, edge - 1)];
    }

    /** From -1 to 1. */
    private static double balanced(RandomGenerator chance) {
      return 2 * chance.nextDouble() - 1;
    }
  }
}
