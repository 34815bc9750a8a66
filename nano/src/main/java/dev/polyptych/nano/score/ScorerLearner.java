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

/** Teaches the scorer freshly painted panels. */
final class ScorerLearner implements Learner {
  /** What PyTorch's cross entropy takes for a truth to skip. */
  private static final long SKIPPED = -100;

  /** Deviations of a latent that generated ones may be off. */
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
   * What a batch is.
   *
   * @param panels in a batch
   */
  record Settings(int panels, ComputeType computeType, StepRandom random) {}

  /**
   * @param reconstruction half of the panels go through it, if there is one
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

  /** Puts the first pictures' reconstructions in their places. */
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
}
