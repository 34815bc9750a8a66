package dev.polyptych.nano.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.nano.blueprint.Blueprint;
import dev.polyptych.nano.blueprint.NanoSize;
import dev.polyptych.nano.world.PanelCaptions;
import dev.polyptych.nano.world.PanelPainter;
import dev.polyptych.nano.world.PanelSet;
import dev.polyptych.nano.world.WorldSampler;
import dev.polyptych.training.Trainable.Values;
import dev.polyptych.training.TrainingCheckpoint;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorType;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Trains the autoencoder, measures its latents, then goes on with the decoder alone. */
final class AutoencoderTraining {
  private static final String AUTOENCODER = "autoencoder";
  private static final String DECODER = "decoder";

  /** Enough sheets to know mean and spread of the latents to a few digits. */
  private static final int MEASURED_SHEETS = 256;

  private final TrainingConfig config;
  private final Path model;
  private final Path work;
  private final ComputeType computeType;
  private final World world;
  private final NDManager manager;
  private final BooleanSupplier stopping;

  /** What it learns to see. */
  record World(WorldSampler sampler, PanelPainter painter) {}

  AutoencoderTraining(
      TrainingConfig config,
      TrainBase.Folders folders,
      ComputeType computeType,
      World world,
      NDManager manager,
      BooleanSupplier stopping) {
    this.config = config;
    this.model = folders.model();
    this.work = folders.work();
    this.computeType = computeType;
    this.world = world;
    this.manager = manager;
    this.stopping = stopping;
  }

  /**
   * Trains what is not trained yet. An autoencoder that lies in the model's folder without a
   * checkpoint in the work folder is kept as it is, but for its decoder if that has a training of
   * its own.
   *
   * @return whether all is done
   */
  boolean run() throws IOException {
    NanoSize size = NanoSize.of(config.latentChannels(), config.widths());
    if (!Files.exists(weights()) || Files.exists(TrainingRun.checkpoint(work, AUTOENCODER))) {
      Blueprint.write(model, size, PanelCaptions.words());
      if (!trainWhole(ModelFolder.open(model).autoencoder())) {
        return false;
      }
      LatentScale scale = measure();
      Blueprint.write(
          model, size.withLatents(scale.scaling(), scale.shift()), PanelCaptions.words());
    }
    return config.decoder().steps() == 0 || trainDecoder(ModelFolder.open(model).autoencoder());
  }

  private boolean trainWhole(AutoencoderConfig network) {
    Map<String, List<Long>> shapes = network.tensors().byName();
    HeldOutSheets heldOut = new HeldOutSheets(network, world.painter(), manager);
    TrainingConfig.Stage stage = config.autoencoder();
    TrainingCheckpoint learnt =
        new TrainingRun(AUTOENCODER, stage.plan(), work, stopping)
            .telling(
                checkpoint ->
                    heldOut.compare(
                        AUTOENCODER, checkpoint, checkpoint.trainable().average(), work))
            .run(
                learner(network, stage, Eyes.closed(manager), Optional.empty()),
                () -> initial(shapes),
                manager);
    new WeightsExport(learnt.trainable().averages()).write(shapes, weights());
    learnt.trainable().close();
    return learnt.steps() == stage.steps();
  }

  private Map<String, Values> initial(Map<String, List<Long>> shapes) {
    Map<String, Values> initial = new InitialWeights(config.seed()).of(shapes);
    return config.grownFrom().map(smaller -> GrownAutoencoder.of(initial, smaller)).orElse(initial);
  }

  private boolean trainDecoder(AutoencoderConfig network) {
    Map<String, Values> whole = read(network.tensors().byName());
    Predicate<String> ofDecoder = name -> name.startsWith("decoder.");
    HeldOutSheets heldOut = new HeldOutSheets(network, world.painter(), manager);
    TrainingConfig.Stage stage = config.decoder();
    Eyes eyes =
        config.perceptual() == 0
            ? Eyes.closed(manager)
            : Eyes.of(config.scorer(), config.perceptual(), computeType, manager);
    TensorMap encoder = tensors(part(whole, ofDecoder.negate()), computeType);
    TrainingCheckpoint learnt =
        new TrainingRun(DECODER, stage.plan(), work, stopping)
            .telling(checkpoint -> compare(heldOut, checkpoint, whole))
            .run(
                learner(network, stage, eyes, Optional.of(encoder)),
                () -> part(whole, ofDecoder),
                manager);
    new WeightsExport(with(whole, learnt)).write(network.tensors().byName(), weights());
    learnt.trainable().close();
    return learnt.steps() == stage.steps();
  }

  private void compare(
      HeldOutSheets heldOut, TrainingCheckpoint checkpoint, Map<String, Values> whole) {
    try (TensorMap weights = tensors(with(whole, checkpoint), ComputeType.FLOAT32)) {
      heldOut.compare(DECODER, checkpoint, weights, work);
    }
  }

  private static Map<String, Values> part(Map<String, Values> whole, Predicate<String> names) {
    return whole.entrySet().stream()
        .filter(entry -> names.test(entry.getKey()))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
  }

  private static Map<String, Values> with(Map<String, Values> whole, TrainingCheckpoint decoder) {
    Map<String, Values> mixed = new LinkedHashMap<>(whole);
    mixed.putAll(decoder.trainable().averages());
    return mixed;
  }

  private Map<String, Values> read(Map<String, List<Long>> shapes) {
    Map<String, Values> values = new LinkedHashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(weights())) {
      shapes.forEach((name, shape) -> values.put(name, new Values(shape, file.floats(name))));
    }
    return values;
  }

  private TensorMap tensors(Map<String, Values> values, ComputeType type) {
    Map<String, TensorLoader.Raw> raw = new LinkedHashMap<>();
    values.forEach((name, value) -> raw.put(name, raw(value)));
    return TensorLoader.forTraining(manager, type).loadRaw(raw, manager);
  }

  private static TensorLoader.Raw raw(Values values) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(values.numbers().length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values.numbers());
    return new TensorLoader.Raw(TensorType.F32, values.shape(), bytes, 1);
  }

  private Learner learner(
      AutoencoderConfig network,
      TrainingConfig.Stage stage,
      Eyes eyes,
      Optional<TensorMap> encoder) {
    return new AutoencoderLearner(
        network,
        world.painter(),
        new AutoencoderLearner.Source(world.sampler(), new StepRandom(config.seed())),
        new AutoencoderLearner.Settings(
            stage.panels(), computeType, stage.optimizer(), eyes, encoder),
        manager);
  }

  private Path weights() {
    return model.resolve("vae/diffusion_pytorch_model.safetensors");
  }

  private LatentScale measure() {
    RandomGenerator chance = new StepRandom(config.seed()).of(Integer.MAX_VALUE);
    List<BufferedImage> sheets = new ArrayList<>();
    while (sheets.size() < MEASURED_SHEETS) {
      PanelSet set = world.sampler().base(chance);
      if (set.panels().size() == 1) {
        sheets.add(world.painter().paintSheet(set, chance.nextLong()));
      }
    }
    try (NDManager measuring = manager.newSubManager()) {
      Autoencoder autoencoder =
          Autoencoder.load(
              ModelFolder.open(model), new TensorLoader(measuring, computeType), measuring);
      NDArray latents = autoencoder.encode(SheetBatch.of(sheets, measuring), measuring);
      return LatentScale.of(latents.toFloatArray());
    }
  }
}
