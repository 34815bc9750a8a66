package dev.polyptych.nano.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.SeededNormal;
import dev.polyptych.nano.world.PanelPainter;
import dev.polyptych.nano.world.PanelSet;
import dev.polyptych.nano.world.WorldSampler;
import dev.polyptych.training.Rates;
import dev.polyptych.training.Trainable;
import dev.polyptych.weights.model.AutoencoderConfig;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Teaches the autoencoder sheets of all arrangements, one arrangement a batch. */
final class AutoencoderLearner implements Learner {
  /** Weight of the divergence from a standard normal, a latent value against a colour value. */
  private static final double DIVERGENCE = 1e-4;

  private final AutoencoderConfig config;
  private final PanelPainter painter;
  private final WorldSampler sampler;
  private final StepRandom random;
  private final Settings settings;
  private final NDManager manager;
  private final Graph graph;
  private final Eyes eyes;

  /**
   * What a batch is.
   *
   * @param panels about as many a batch, whatever their arrangement
   * @param encoder weights that stay as they are; then the decoder alone learns
   */
  record Settings(
      int panels,
      ComputeType computeType,
      Optimizer optimizer,
      Eyes eyes,
      Optional<TensorMap> encoder) {}

  AutoencoderLearner(
      AutoencoderConfig config,
      PanelPainter painter,
      Source source,
      Settings settings,
      NDManager manager) {
    this.config = config;
    this.painter = painter;
    this.sampler = source.sampler();
    this.random = source.random();
    this.settings = settings;
    this.manager = manager;
    this.eyes = settings.eyes();
    this.graph = Graph.load("autoencoder_training", manager);
  }

  /** Where a training's sets come from. */
  record Source(WorldSampler sampler, StepRandom random) {}

  @Override
  public Outcome learn(int step, Trainable trainable, Rates rates) {
    RandomGenerator chance = random.of(step);
    try (NDManager batch = manager.newSubManager();
        NDArray pictures = SheetBatch.of(pictures(chance), batch);
        NDArray noise = noise(pictures.getShape(), chance.nextLong(), batch);
        Graph.Call call = graph.call(settings.encoder().isPresent() ? "refine" : "learn")) {
      call.with(pictures).with(noise);
      if (settings.encoder().isEmpty()) {
        call.with(DIVERGENCE);
      }
      eyes.with(call)
          .withNumbers(config.groups(), config.widths().size(), config.blocks())
          .withNumber(settings.computeType().torchNumber())
          .with(settings.optimizer() == Optimizer.MUON);
      settings.encoder().ifPresent(call::with);
      float[] outcome = trainable.with(call, rates).trained(batch).toFloatArray();
      return new Outcome(outcome[0], outcome[1]);
    }
  }

  private List<BufferedImage> pictures(RandomGenerator chance) {
    PanelSet first = sampler.base(chance);
    List<BufferedImage> pictures =
        new ArrayList<>(List.of(painter.paintSheet(first, chance.nextLong())));
    int count = settings.panels() / first.panels().size();
    while (pictures.size() < count) {
      PanelSet set = sampler.base(chance);
      if (set.arrangement().equals(first.arrangement())) {
        pictures.add(painter.paintSheet(set, chance.nextLong()));
      }
    }
    return pictures;
  }

  private NDArray noise(Shape pictures, long seed, NDManager batch) {
    int factor = config.factor();
    Shape shape =
        new Shape(
            pictures.get(0),
            config.latentChannels(),
            pictures.get(2) / factor,
            pictures.get(3) / factor);
    return batch.create(new SeededNormal(seed).numbers(Math.toIntExact(shape.size())), shape);
  }
}
