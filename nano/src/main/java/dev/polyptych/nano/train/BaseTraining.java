package dev.polyptych.nano.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.nano.blueprint.Blueprint;
import dev.polyptych.nano.blueprint.NanoSize;
import dev.polyptych.nano.world.Captions;
import dev.polyptych.nano.world.PanelPainter;
import dev.polyptych.nano.world.PanelSet;
import dev.polyptych.nano.world.Side;
import dev.polyptych.nano.world.WorldSampler;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.worker.denoise.EngineOptions;
import dev.polyptych.worker.model.Autoencoder;
import dev.polyptych.worker.model.ModelFolder;
import dev.polyptych.worker.model.graph.ComputeType;
import dev.polyptych.worker.model.graph.TensorLoader;
import dev.polyptych.worker.model.text.PromptTokenizer;
import dev.polyptych.worker.training.Checkpoint;
import dev.polyptych.worker.training.Trainable.Values;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Makes the nano model: its folder, its autoencoder, its transformer with text encoders. */
final class BaseTraining {
  private static final String AUTOENCODER = "autoencoder";
  private static final String BASE = "base";

  /** Enough sheets to know mean and spread of the latents to a few digits. */
  private static final int MEASURED_SHEETS = 256;

  private final TrainingConfig config;
  private final Path model;
  private final Path work;
  private final NDManager manager;
  private final BooleanSupplier stopping;
  private final ComputeType computeType;
  private final WorldSampler sampler = new WorldSampler(Side.TRAINING);
  private final PanelPainter painter;

  /**
   * @param stopping once true, training stops after the current step
   */
  BaseTraining(
      TrainingConfig config,
      TrainBase.Folders folders,
      EngineOptions machine,
      NDManager manager,
      BooleanSupplier stopping) {
    this.config = config;
    this.model = folders.model();
    this.work = folders.work();
    this.manager = manager;
    this.stopping = stopping;
    this.computeType =
        machine.computeType().orElseGet(() -> ComputeType.nativeTo(manager.getDevice()));
    this.painter = new PanelPainter(config.panelEdge(), config.panelEdge());
  }

  /**
   * Trains what is not trained yet. An autoencoder that lies in the model's folder without a
   * checkpoint in the work folder is kept as it is; a transformer there is where training begins.
   *
   * @return whether all is done
   */
  boolean run() throws IOException {
    Files.createDirectories(work);
    NanoSize size = NanoSize.of(config.latentChannels(), config.widths());
    if (!Files.exists(autoencoderWeights())
        || Files.exists(TrainingRun.checkpoint(work, AUTOENCODER))) {
      Blueprint.write(model, size, Captions.words());
      if (!trainAutoencoder(ModelFolder.open(model))) {
        return false;
      }
      LatentScale scale = measure();
      Blueprint.write(model, size.withLatents(scale.scaling(), scale.shift()), Captions.words());
    }
    return trainBase(ModelFolder.open(model));
  }

  private boolean trainAutoencoder(ModelFolder folder) {
    Learner learner =
        new AutoencoderLearner(
            folder.autoencoder(),
            painter,
            new AutoencoderLearner.Source(sampler, new StepRandom(config.seed())),
            new AutoencoderLearner.Settings(
                config.autoencoder().panels(),
                computeType,
                config.autoencoder().optimizer(),
                eyes()),
            manager);
    HeldOutSheets heldOut = new HeldOutSheets(folder.autoencoder(), painter, manager);
    TrainingRun run =
        new TrainingRun(AUTOENCODER, config.autoencoder().plan(), work, stopping)
            .telling(checkpoint -> heldOut.compare(checkpoint, work));
    Map<String, List<Long>> shapes = folder.autoencoder().tensors().byName();
    Checkpoint learnt = run.run(learner, () -> initial(shapes), manager);
    new WeightsExport(learnt.trainable().averages()).write(shapes, autoencoderWeights());
    learnt.trainable().close();
    return learnt.steps() == config.autoencoder().steps();
  }

  private Map<String, Values> initial(Map<String, List<Long>> shapes) {
    Map<String, Values> initial = new InitialWeights(config.seed()).of(shapes);
    return config.grownFrom().map(smaller -> GrownAutoencoder.of(initial, smaller)).orElse(initial);
  }

  private Eyes eyes() {
    return config.perceptual() == 0
        ? Eyes.closed(manager)
        : Eyes.of(config.scorer(), config.perceptual(), computeType, manager);
  }

  private Path autoencoderWeights() {
    return model.resolve("vae/diffusion_pytorch_model.safetensors");
  }

  private LatentScale measure() {
    RandomGenerator chance = new StepRandom(config.seed()).of(Integer.MAX_VALUE);
    List<BufferedImage> sheets = new ArrayList<>();
    while (sheets.size() < MEASURED_SHEETS) {
      PanelSet set = sampler.base(chance);
      if (set.panels().size() == 1) {
        sheets.add(painter.paintSheet(set, chance.nextLong()));
      }
    }
    try (NDManager measuring = manager.newSubManager()) {
      Autoencoder autoencoder = autoencoder(ModelFolder.open(model), measuring);
      NDArray latents = autoencoder.encode(SheetBatch.of(sheets, measuring), measuring);
      return LatentScale.of(latents.toFloatArray());
    }
  }

  private Autoencoder autoencoder(ModelFolder folder, NDManager owner) {
    return Autoencoder.load(folder, new TensorLoader(owner, computeType), owner);
  }

  private boolean trainBase(ModelFolder folder) {
    BaseWeights weights = new BaseWeights(folder);
    BaseLearner learner = baseLearner(folder);
    HeldOutLessons heldOut = new HeldOutLessons(lessons(folder, 0), learner);
    Checkpoint learnt =
        new TrainingRun(BASE, config.base().plan(), work, stopping)
            .telling(
                checkpoint -> {
                  weights.write(checkpoint.trainable().averages());
                  heldOut.measure(checkpoint, work);
                })
            .run(
                learner,
                () -> weights.written() ? weights.read() : weights.initial(config.seed()),
                manager);
    learnt.trainable().close();
    return learnt.steps() == config.base().steps();
  }

  private BaseLearner baseLearner(ModelFolder folder) {
    return new BaseLearner(
        folder,
        lessons(folder, config.captionDropout()),
        new BaseLearner.Settings(
            config.base().panels(),
            config.panelEdge() / folder.tokenEdge(),
            config.clean(),
            computeType,
            config.base().optimizer(),
            new StepRandom(config.seed() + 1)),
        manager);
  }

  private Lessons lessons(ModelFolder folder, double captionDropout) {
    return new Lessons(
        new Lessons.World(
            sampler, painter, new SheetPrompts(CatalogFile.builtIn("nano")), config.agreeing()),
        new Lessons.Texts(
            PromptTokenizer.open(model.resolve("tokenizer_2"), Blueprint.PROMPT_TOKENS),
            PromptTokenizer.open(model.resolve("tokenizer"), folder.clip().positions()),
            captionDropout,
            config.fresh()),
        autoencoder(folder, manager),
        manager);
  }
}
