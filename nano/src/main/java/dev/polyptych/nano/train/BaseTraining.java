package dev.polyptych.nano.train;

import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.nano.blueprint.Blueprint;
import dev.polyptych.nano.world.PanelPainter;
import dev.polyptych.nano.world.Side;
import dev.polyptych.nano.world.WorldSampler;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.tokenizers.PromptTokenizer;
import dev.polyptych.training.TrainingCheckpoint;
import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Makes the nano model: its folder, its autoencoder, its transformer with text encoders. */
final class BaseTraining {
  private static final String BASE = "base";

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
    AutoencoderTraining training =
        new AutoencoderTraining(
            config,
            new TrainBase.Folders(model, work),
            computeType,
            new AutoencoderTraining.World(sampler, painter),
            manager,
            stopping);
    return training.run() && trainBase(ModelFolder.open(model));
  }

  private Autoencoder autoencoder(ModelFolder folder, NDManager owner) {
    return Autoencoder.load(folder, new TensorLoader(owner, computeType), owner);
  }

  private boolean trainBase(ModelFolder folder) {
    BaseWeights weights = new BaseWeights(folder);
    BaseLearner learner = baseLearner(folder);
    HeldOutLessons heldOut = new HeldOutLessons(lessons(folder, 0), learner);
    TrainingCheckpoint learnt =
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
