package dev.polyptych.training.tune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer;
import dev.polyptych.engine.model.RotaryTable;
import dev.polyptych.engine.model.SeededNormal;
import dev.polyptych.engine.text.TextEncoders.EncodedPrompt;
import dev.polyptych.training.LearningRate;
import dev.polyptych.training.Rates;
import dev.polyptych.training.Trainable;
import dev.polyptych.training.TrainingCheckpoint;
import dev.polyptych.training.tune.EncodedSets.Encoded;
import dev.polyptych.weights.digest.ModelDigests;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.ModelFolderException;
import dev.polyptych.weights.model.TransformerConfig;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains an adapter with the same graph that draws with it: flow matching on velocities of noisy
 * sheets (Lipman et al. 2022, arXiv 2210.02747), AdamW on the adapter's matrices only. A step
 * depends on seed and step number only.
 */
public final class FluxAdapterTrainer implements AdapterTrainer {
  /** The defaults of ai-toolkit, which trained the published IC-LoRAs. */
  private static final double WEIGHT_DECAY = 0.01;

  private static final double GREATEST_GRADIENT = 1;

  /** FLUX.1-dev was distilled with the guidance scale as an input; 1 means no guidance. */
  private static final double GUIDANCE = 1;

  private static final double NO_GUIDANCE = -1;

  /** Training sets that {@link #trainingLoss} looks at. */
  private static final int LOOKED_AT = 2;

  private final TuningJob job;
  private final NDManager manager;
  private final TransformerConfig config;
  private final FluxTransformer transformer;
  private final EncodedSets sets;
  private final NDArray positions;
  private final Graph graph;
  private final LearningRate learningRate;
  private final AdapterMatrices matrices;
  private final ModelDigests model;
  private final ComputeType computeType;
  private TrainingCheckpoint state;

  private FluxAdapterTrainer(TuningJob job, NDManager manager) {
    this.job = job;
    this.manager = manager;
    ModelFolder folder = ModelFolder.open(job.model());
    if (folder.transformer().fills()) {
      throw new ModelFolderException(
          job.model(),
          "is FLUX.1 Fill, on which adapters are not tuned",
          "tune on FLUX.1-dev; its adapters draw with Fill, too");
    }
    this.model = folder.file().digests();
    this.computeType =
        job.engine().computeType().orElseGet(() -> ComputeType.nativeTo(manager.getDevice()));
    TensorLoader loader = TensorLoader.forTraining(manager, computeType);
    this.config = folder.transformer();
    this.sets = EncodedSets.of(job.sets(), folder, loader, manager);
    this.transformer = FluxTransformer.load(folder, loader, manager);
    this.positions = positions();
    this.graph = Graph.load("adapter_training", manager);
    this.learningRate = LearningRate.level(job.options().learningRate(), 0, job.options().steps());
    this.matrices = new AdapterMatrices(job.layers(), job.options().rank());
    this.state =
        new TrainingCheckpoint(Trainable.from(matrices.start(job.options().seed()), manager), 0, 0);
  }

  /**
   * Loads the model and encodes the sets.
   *
   * @throws dev.polyptych.weights.model.ModelFolderException if the model is unusable
   */
  public static FluxAdapterTrainer open(TuningJob job) {
    NDManager manager = NDManager.newBaseManager(job.engine().device().device(), "PyTorch");
    JniUtils.setNumThreads(job.engine().threads());
    try {
      return new FluxAdapterTrainer(job, manager);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private NDArray positions() {
    RotaryTable rotary = new RotaryTable(config.axes());
    int text = Math.toIntExact(sets.silence().states().getShape().get(1));
    float[] values = rotary.values(text, sets.grid().rows(), sets.grid().columns());
    return manager.create(values, new Shape(2, text + sets.grid().tokens(), rotary.half()));
  }

  @Override
  public double step() {
    long began = System.nanoTime();
    TuningOptions options = job.options();
    TuningBatch batch = TuningBatch.of(options, sets.training().size(), state.steps());
    Rates rates =
        new Rates(
            learningRate.at(state.steps()), WEIGHT_DECAY, GREATEST_GRADIENT, options.emaDecay());
    List<Encoded> sheets = batch.places().stream().map(sets.training()::get).toList();
    try (NDManager work = manager.newSubManager();
        Graph.Call call = graph.call("learn")) {
      List<EncodedPrompt> captions =
          batch.select(sheets.stream().map(Encoded::caption).toList(), sets.silence());
      fill(call, sheets, captions, batch, work);
      double loss = state.trainable().with(call, rates).trained(work).toFloatArray()[0];
      double seconds = state.seconds() + (System.nanoTime() - began) / 1e9;
      state = new TrainingCheckpoint(state.trainable(), state.steps() + 1, seconds);
      return loss;
    }
  }

  @Override
  public double validationLoss() {
    return loss(sets.validation(), state.trainable().average());
  }

  @Override
  public double trainingLoss() {
    int few = Math.min(LOOKED_AT, sets.training().size());
    return loss(sets.training().subList(0, few), state.trainable().parameters());
  }

  private double loss(List<Encoded> sheets, TensorMap weights) {
    double sum = 0;
    for (int place = 0; place < sheets.size(); place++) {
      Encoded sheet = sheets.get(place);
      TuningBatch batch = TuningBatch.validation(job.options().seed(), place);
      List<Encoded> levels = batch.places().stream().map(same -> sheet).toList();
      try (NDManager work = manager.newSubManager();
          Graph.Call call = graph.call("measure")) {
        fill(call, levels, levels.stream().map(Encoded::caption).toList(), batch, work);
        sum += call.with(weights).tensor(work).getFloat();
      }
    }
    return sum / sheets.size();
  }

  private void fill(
      Graph.Call call,
      List<Encoded> sheets,
      List<EncodedPrompt> captions,
      TuningBatch batch,
      NDManager work) {
    int length = sheets.getFirst().latents().length;
    Shape shape = new Shape(sheets.size(), length / config.channels(), config.channels());
    FloatBuffer clean = FloatBuffer.allocate(sheets.size() * length);
    sheets.forEach(sheet -> clean.put(sheet.latents()));
    float[] noise = new SeededNormal(batch.noiseSeed()).numbers(clean.capacity());
    call.with(work.create(clean.array(), shape))
        .with(work.create(noise, shape))
        .with(work.create(batch.sigmas()))
        .with(captions.stream().map(EncodedPrompt::states).toList())
        .with(captions.stream().map(EncodedPrompt::pooled).toList())
        .with(config.guided() ? GUIDANCE : NO_GUIDANCE)
        .with(positions)
        .withNumbers(config.heads(), config.doubleBlocks(), config.singleBlocks())
        .with(transformer.base());
  }

  @Override
  public int done() {
    return state.steps();
  }

  @Override
  public void save(Path checkpoint) {
    state.write(checkpoint, settings());
  }

  @Override
  public void resume(Path checkpoint) {
    checkSettings(checkpoint, TrainingCheckpoint.settings(checkpoint));
    TrainingCheckpoint read = TrainingCheckpoint.read(checkpoint, manager);
    if (!read.trainable().shapes().equals(state.trainable().shapes())) {
      read.trainable().close();
      throw new TuningException(
          checkpoint
              + " has other layers or another rank; resume with the options of its first run");
    }
    state.trainable().close();
    state = read;
  }

  /**
   * What the result depends on. The number of steps is not part of it: the rate is level, so a run
   * may be prolonged.
   */
  private Map<String, String> settings() {
    TuningOptions options = job.options();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("--seed", Long.toString(options.seed()));
    settings.put("--rank", Integer.toString(options.rank()));
    settings.put("--batch", Integer.toString(options.batch()));
    settings.put("--learning-rate", Double.toString(options.learningRate()));
    settings.put("--timestep-shift", options.timestepShifts().toString());
    settings.put("--caption-dropout", Double.toString(options.captionDropout()));
    settings.put("--ema", Double.toString(options.emaDecay()));
    settings.put("compute type", computeType.text());
    settings.put("sets and captions", sets.digest());
    settings.put("model", model.together());
    return settings;
  }

  /** A checkpoint of an earlier version has no settings, and passes. */
  private void checkSettings(Path checkpoint, Map<String, String> written) {
    List<String> differences =
        settings().entrySet().stream()
            .filter(
                ours ->
                    written.containsKey(ours.getKey())
                        && !written.get(ours.getKey()).equals(ours.getValue()))
            .map(
                ours ->
                    "%s (%s, now %s)"
                        .formatted(ours.getKey(), written.get(ours.getKey()), ours.getValue()))
            .toList();
    if (!differences.isEmpty()) {
      throw new TuningException(
          checkpoint
              + " is of a run with another "
              + String.join(", ", differences)
              + "; resume as it was started, or delete it to start at step 1");
    }
  }

  @Override
  public Map<String, MatrixPair> matrices() {
    return matrices.of(state.trainable().averages());
  }

  @Override
  public void close() {
    manager.close();
  }
}
